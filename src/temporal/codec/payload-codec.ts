/**
 * Encrypts what goes to Temporal, and decrypts what comes from there. Contract C6.
 * @module
 */
import type { Payload, PayloadCodec } from '@temporalio/common';
import { decode as textOf, encode as bytesOf } from '@temporalio/common/lib/encoding.js';
import proto from '@temporalio/proto';
import type { CodecKey, KeyRing } from '../../crypto/key-ring.js';
import { open, seal } from '../../crypto/seal.js';
import { HooklineError } from '../../flow/errors.js';

const { Payload: wire } = proto.temporal.api.common.v1;

/** The metadata `encoding` of what this codec encrypted. */
const ENCRYPTED = 'binary/encrypted';
/** The metadata that names the key. */
const KEY_ID = 'key-id';

/** A Temporal codec that hides a whole payload, its metadata included, and shows only the id of the key. */
export class EncryptingCodec implements PayloadCodec {
  readonly #current: CodecKey | null;

  /**
   * @param ring null: there is no key, and what is encrypted is refused with a clear word
   * @param encrypts false: it only decrypts, and leaves what is new as it is
   */
  constructor(
    private readonly ring: KeyRing | null,
    encrypts = true,
  ) {
    this.#current = encrypts && ring ? ring.current : null;
  }

  /** Whether it encrypts what is new. */
  get encrypts(): boolean {
    return this.#current !== null;
  }

  /** The id of the key that encrypts; null when nothing is encrypted. */
  get keyId(): string | null {
    return this.#current?.id ?? null;
  }

  /** Encrypts with the ring's first key. */
  async encode(payloads: Payload[]): Promise<Payload[]> {
    const key = this.#current;
    return key === null ? payloads : Promise.all(payloads.map((payload) => encrypted(payload, key)));
  }

  /**
   * Decrypts with whichever key of the ring it was; what is not encrypted stays as it is.
   * @throws {HooklineError} PAYLOAD_UNREADABLE when the key is not in the ring, or is another one of the same id, or the
   * payload was changed
   */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => this.#decrypt(payload)));
  }

  async #decrypt(payload: Payload): Promise<Payload> {
    if (metadataOf(payload, 'encoding') !== ENCRYPTED) return payload;
    const id = metadataOf(payload, KEY_ID) ?? '';
    const key = this.ring?.get(id);
    if (key === undefined) {
      const where = this.ring ? 'not among the keys here' : 'not here: HOOKLINE_CODEC_KEYS is not set';
      throw unreadable(`it was encrypted with the key ${shown(id)}, which is ${where}`);
    }
    try {
      return wire.decode(await open(payload.data ?? new Uint8Array(), { id, key }));
    } catch (cause) {
      throw unreadable(`the key ${shown(id)} here is not the one that encrypted it, or it was changed`, cause);
    }
  }
}

async function encrypted(payload: Payload, key: CodecKey): Promise<Payload> {
  const metadata = { encoding: bytesOf(ENCRYPTED), [KEY_ID]: bytesOf(key.id) };
  return { metadata, data: await seal(wire.encode(payload).finish(), key) };
}

function metadataOf({ metadata }: Payload, name: string): string | undefined {
  const value = metadata?.[name];
  return value && textOf(value);
}

/** The id came from outside. */
function shown(id: string): string {
  return /^[\w.-]{1,32}$/.test(id) ? id : '(not one of ours)';
}

function unreadable(why: string, cause?: unknown): HooklineError {
  return new HooklineError('PAYLOAD_UNREADABLE', `A payload cannot be read: ${why}.`, { cause });
}
