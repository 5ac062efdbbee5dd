/**
 * Encrypts what goes to Temporal, and decrypts what comes from there. Contract C6.
 * @module
 */
import type { Payload, PayloadCodec } from '@temporalio/common';
import { decode as textOf, encode as bytesOf } from '@temporalio/common/lib/encoding.js';
import proto from '@temporalio/proto';
import { HooklineError } from '../../flow/errors.js';
import type { KeyRing } from './key-ring.js';
import { open, seal } from './seal.js';

const { Payload: wire } = proto.temporal.api.common.v1;

/** The metadata `encoding` of what this codec encrypted. */
const ENCRYPTED = 'binary/encrypted';
/** The metadata that names the key. */
const KEY_ID = 'key-id';

/** A Temporal codec that hides a whole payload, its metadata included, and tells only the id of the key. */
export class EncryptingCodec implements PayloadCodec {
  /** @param encrypts false: it only decrypts, and leaves what is new as it is */
  constructor(
    private readonly ring: KeyRing,
    readonly encrypts: boolean = true,
  ) {}

  /** The id of the key that encrypts; null when nothing is encrypted. */
  get keyId(): string | null {
    return this.encrypts ? this.ring.current.id : null;
  }

  /** Encrypts with the ring's first key. */
  async encode(payloads: Payload[]): Promise<Payload[]> {
    if (!this.encrypts) return payloads;
    return Promise.all(payloads.map((payload) => this.#encrypt(payload)));
  }

  /**
   * Decrypts with whichever key of the ring it was; what is not encrypted stays as it is.
   * @throws {HooklineError} PAYLOAD_UNREADABLE when the key is not in the ring, or is another one of the same id, or the
   * payload was changed
   */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => this.#decrypt(payload)));
  }

  async #encrypt(payload: Payload): Promise<Payload> {
    const { current } = this.ring;
    const metadata = { encoding: bytesOf(ENCRYPTED), [KEY_ID]: bytesOf(current.id) };
    return { metadata, data: await seal(wire.encode(payload).finish(), current) };
  }

  async #decrypt(payload: Payload): Promise<Payload> {
    if (metadataOf(payload, 'encoding') !== ENCRYPTED) return payload;
    const id = metadataOf(payload, KEY_ID) ?? '';
    const key = this.ring.get(id);
    if (key === undefined)
      throw unreadable(`it was encrypted with the key ${shown(id)}, which is not among the keys here`);
    try {
      return wire.decode(await open(payload.data ?? new Uint8Array(), { id, key }));
    } catch (cause) {
      throw unreadable(`the key ${shown(id)} here is not the one that encrypted it, or it was changed`, cause);
    }
  }
}

function metadataOf({ metadata }: Payload, name: string): string | undefined {
  const value = metadata?.[name];
  return value && textOf(value);
}

/** The id came from outside. */
function shown(id: string): string {
  return /^[\w.-]{1,64}$/.test(id) ? id : '(not one of ours)';
}

function unreadable(why: string, cause?: unknown): HooklineError {
  return new HooklineError('PAYLOAD_UNREADABLE', `A payload cannot be read: ${why}.`, { cause });
}
