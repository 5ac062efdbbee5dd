/**
 * Bytes, compressed when that pays, then encrypted by AES-256-GCM. The format: `docs/reference/encryption.md`.
 * @module
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, inflateRaw, inflateRawSync } from 'node:zlib';
import type { CodecKey } from './key-ring.js';

const deflateLater = promisify(deflateRaw);
const inflateLater = promisify(inflateRaw);

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** The first byte of what is encrypted: how the rest is to be read. */
const AS_IS = 0;
const DEFLATED = 1;
/** Fewer bytes hardly become fewer by compressing. */
const MIN_COMPRESSED_BYTES = 128;
/** Up to here it is done at once, which costs a quarter; what is longer must not hold others up. */
const AT_ONCE_BYTES = 16 * 1024;
/** What inflates to more is refused; more than this is never compressed. Far above all that a call may hold (V6). */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

/** What a payload of Temporal is bound to, beside its key. */
const PAYLOAD = 'hookline/payload/1';

/**
 * Compresses and encrypts: 12 bytes of random nonce, the encrypted bytes, 16 bytes of tag. The key's id is bound to them.
 * @param place bound to them too: what is sealed for one place cannot be opened as that of another
 */
export async function seal(plain: Uint8Array, { id, key }: CodecKey, place = PAYLOAD): Promise<Buffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(boundTo(place, id));
  const { flag, body } = await pack(plain);
  return Buffer.concat([
    nonce,
    cipher.update(Uint8Array.of(flag)),
    cipher.update(body),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** The opposite of {@link seal}. @throws {Error} when key, id or place is another one, or a bit was changed. */
export async function open(sealed: Uint8Array, { id, key }: CodecKey, place = PAYLOAD): Promise<Uint8Array> {
  const end = sealed.length - TAG_BYTES;
  if (end <= NONCE_BYTES) throw new RangeError('too short');
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(place, id)).setAuthTag(sealed.subarray(end));
  const packed = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()]);
  const body = packed.subarray(1);
  if (packed[0] === AS_IS) return body;
  if (packed[0] === DEFLATED) return inflate(body);
  throw new RangeError('written by a newer version');
}

async function pack(plain: Uint8Array): Promise<{ flag: number; body: Uint8Array }> {
  if (plain.length >= MIN_COMPRESSED_BYTES && plain.length <= MAX_INFLATED_BYTES) {
    const body = plain.length <= AT_ONCE_BYTES ? deflateRawSync(plain) : await deflateLater(plain);
    if (body.length < plain.length) return { flag: DEFLATED, body };
  }
  return { flag: AS_IS, body: plain };
}

function inflate(body: Uint8Array): Uint8Array | Promise<Uint8Array> {
  const options = { maxOutputLength: MAX_INFLATED_BYTES };
  return body.length <= AT_ONCE_BYTES ? inflateRawSync(body, options) : inflateLater(body, options);
}

/** What is authenticated beside the bytes: nobody can pass them for those of another key, place or format. */
function boundTo(place: string, keyId: string): Buffer {
  return Buffer.from(`${place}\n${keyId}`, 'utf8');
}
