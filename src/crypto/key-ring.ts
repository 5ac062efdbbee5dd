/**
 * The keys that Hookline encrypts with. They are held so that no print and no error shows them.
 * @module
 */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { HooklineError } from '../flow/errors.js';

/** One key, and the name that stands beside what it encrypted. */
export interface CodecKey {
  id: string;
  key: KeyObject;
}

// An id stands beside each payload, and a server takes summaries of 400 bytes at most, so it is short.
const ENTRY = /^([A-Za-z0-9._-]{1,32})=([A-Za-z0-9+/]{43}=)$/;

/** The key that encrypts, and all that decrypt. */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  /** The key that encrypts: the first one. */
  readonly current: CodecKey;

  private constructor(keys: readonly [CodecKey, ...CodecKey[]]) {
    [this.current] = keys;
    this.#keys = new Map(keys.map(({ id, key }) => [id, key]));
  }

  /**
   * Reads keys, each `id=base64` of 32 bytes, separated by commas or line ends; the first one encrypts.
   * @param from where they come from, for the message
   * @throws {HooklineError} CODEC_KEYS_INVALID naming every entry that is wrong by its place; it holds no key
   */
  static parse(text: string, from: string): KeyRing {
    const entries = text.split(/[,\r\n]/).flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()]));
    const faults: string[] = [];
    const keys = entries.flatMap((entry, index): CodecKey[] => {
      const [, id, secret] = ENTRY.exec(entry) ?? [];
      if (id !== undefined && secret !== undefined)
        return [{ id, key: createSecretKey(Buffer.from(secret, 'base64')) }];
      faults.push(
        `entry ${index + 1} is not id=key, with an id of 1 to 32 of A-Z a-z 0-9 . _ - and the base64 of 32 bytes`,
      );
      return [];
    });
    const ids = keys.map(({ id }) => id);
    for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index)))
      faults.push(`the id ${id} is there more than once`);
    const [first, ...others] = keys;
    if (first === undefined && faults.length === 0) faults.push('there is no key');
    if (first === undefined || faults.length > 0)
      throw new HooklineError('CODEC_KEYS_INVALID', `${from}: ${faults.join('; ')}.`);
    return new KeyRing([first, ...others]);
  }

  /** All keys, the one that encrypts first. */
  get keys(): CodecKey[] {
    return [...this.#keys].map(([id, key]) => ({ id, key }));
  }

  /** The key of an id; undefined when it is not in the ring. */
  get(id: string): KeyObject | undefined {
    return this.#keys.get(id);
  }
}
