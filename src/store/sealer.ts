/**
 * What in the store is private, and how it is kept: with a key as one encrypted value a row, and found by keyed hashes.
 * Contract C6; The format: `docs/reference/encryption.md`.
 * @module
 */
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { CodecKey, KeyRing } from '../crypto/key-ring.js';
import { open, seal } from '../crypto/seal.js';
import { isEncryptionOff, keyRing } from '../crypto/key-settings.js';
import { HooklineError } from '../flow/errors.js';

/** A row: its table, its account, and what identifies it there. What is sealed for one row cannot be read as another's. */
export type RowKey = readonly [table: string, accountId: number, ...row: (string | number)[]];

/** Private columns as they are written: all null beside what is sealed, or plain when there is no key. */
export type Hidden<T> = { [Name in keyof T]: T[Name] | null } & { sealed: Buffer | null };

/** Bytes of a keyed hash: enough that no two values of a store meet. */
const TOKEN_BYTES = 18;

/** The two keys that the store takes from one of the ring. */
interface StoreKeys {
  sealing: CodecKey;
  finding: KeyObject;
}

/** Hides private columns, shows them, and makes what rows are found by. */
export class Sealer {
  readonly #all: ReadonlyMap<string, StoreKeys>;
  readonly #current: StoreKeys | null;

  /**
   * @param ring null: there is no key, and all stays plain
   * @param seals false: it only reads what is sealed, and leaves what is new plain
   */
  constructor(ring: KeyRing | null, seals = true) {
    this.#all = new Map(ring?.keys.map((key) => [key.id, storeKeys(key)]));
    this.#current = (seals && ring && this.#all.get(ring.current.id)) || null;
  }

  /** Private columns of a row, ready to be written. They are JSON: no dates. */
  async hide<T extends object>(place: RowKey, columns: T): Promise<Hidden<T>> {
    if (this.#current === null) return { ...columns, sealed: null };
    const { sealing } = this.#current;
    const bytes = await seal(Buffer.from(JSON.stringify(columns)), sealing, boundTo(place));
    const nothing = Object.fromEntries(Object.keys(columns).map((name) => [name, null])) as { [N in keyof T]: null };
    return { ...nothing, sealed: Buffer.concat([Buffer.from(`${sealing.id}\0`), bytes]) };
  }

  /**
   * A row with its private columns (`T`), whether it was written with a key or without.
   * @throws {HooklineError} STORE_UNREADABLE when the key is not here, or the row was changed
   */
  async show<T extends object, R extends { sealed: Buffer | null }>(
    place: RowKey,
    { sealed, ...row }: R,
  ): Promise<Omit<R, keyof T | 'sealed'> & T> {
    const columns = sealed === null ? {} : await this.#open(place, sealed);
    return { ...row, ...columns } as unknown as Omit<R, keyof T | 'sealed'> & T;
  }

  /** How a new row keeps a value that it is found by: a hash that only the key makes, or the value when there is no key. */
  token(place: RowKey, value: string): string {
    return this.#current === null ? value : tokenOf(this.#current, place, value);
  }

  /** Every way in which a row may keep the value, whichever key it was written with, or none. */
  tokens(place: RowKey, value: string): string[] {
    return [...this.hashes(place, value), value];
  }

  /** As {@link tokens}, without the value itself. Empty when there is no key. */
  hashes(place: RowKey, value: string): string[] {
    return [...this.#all.values()].map((keys) => tokenOf(keys, place, value));
  }

  /** Whether new rows are sealed. */
  get seals(): boolean {
    return this.#current !== null;
  }

  async #open(place: RowKey, sealed: Buffer): Promise<object> {
    const end = sealed.indexOf(0);
    const id = sealed.subarray(0, Math.max(end, 0)).toString('latin1');
    const keys = this.#all.get(id);
    if (keys === undefined)
      throw new HooklineError('STORE_UNREADABLE', `The store was encrypted with the key ${id}, which is missing here.`);
    try {
      const bytes = await open(sealed.subarray(end + 1), keys.sealing, boundTo(place));
      return JSON.parse(Buffer.from(bytes).toString('utf8')) as object;
    } catch (cause) {
      const why = `the key ${id} here is not the one that encrypted it, or it was changed`;
      throw new HooklineError('STORE_UNREADABLE', `A row of ${place[0]} cannot be read: ${why}.`, { cause });
    }
  }
}

/** The sealer that the environment asks for. @throws {HooklineError} CODEC_KEYS_INVALID */
export function configuredSealer(env: NodeJS.ProcessEnv): Sealer {
  return new Sealer(keyRing(env), !isEncryptionOff(env));
}

function storeKeys({ id, key }: CodecKey): StoreKeys {
  return { sealing: { id, key: derived(key, 'seal') }, finding: derived(key, 'find') };
}

/** Keys of one purpose each, so that nothing that Temporal keeps can be passed for a row, nor a hash help with either. */
function derived(key: KeyObject, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `hookline/store/1 ${purpose}`, 32)));
}

function tokenOf({ finding }: StoreKeys, place: RowKey, value: string): string {
  const hash = createHmac('sha256', finding)
    .update(JSON.stringify([...place, value]))
    .digest();
  return hash.subarray(0, TOKEN_BYTES).toString('base64url');
}

function boundTo(place: RowKey): string {
  return `hookline/store/1 ${JSON.stringify(place)}`;
}
