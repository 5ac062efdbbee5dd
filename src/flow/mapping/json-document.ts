/**
 * A JSON answer, read so that numbers keep the digits of their source. Contract V3.
 * @module
 */
import { type JSONValue } from 'json-p3';
import { parse, stringify } from 'lossless-json';
import { MappingError } from './write.js';

/** Where a value stands in a document. */
export type Location = readonly (string | number)[];

/** A parsed answer: a tree of ordinary values for paths to walk, and the exact text of each value. */
export class JsonDocument {
  /** The values as JavaScript has them; filters compare its numbers. */
  readonly tree: JSONValue;
  readonly #exact: unknown;

  /** @throws {MappingError} INVALID_RESPONSE for a text that is no JSON, or nested too deeply. */
  constructor(text: string) {
    try {
      // The last of two equal keys counts, as everywhere in JavaScript.
      this.#exact = parse(text, null, { onDuplicateKey: ({ newValue }) => newValue });
      this.tree = JSON.parse(text) as JSONValue;
    } catch (error) {
      if (error instanceof RangeError) throw new MappingError('INVALID_RESPONSE', 'The answer is nested too deeply.');
      const place = /at position \d+/.exec(error instanceof Error ? error.message : '')?.[0];
      throw new MappingError('INVALID_RESPONSE', `The answer is not JSON${place ? `: wrong ${place}` : ''}.`);
    }
  }

  /** The value as a variable holds it: null for null, an object or array as its JSON text. Contract V3, R5. */
  text(location: Location): string | null {
    return textOf(this.#at(location));
  }

  /** The items of the array at this place as variables hold them; undefined when there is no array. */
  items(location: Location): (string | null)[] | undefined {
    const value = this.#at(location);
    return Array.isArray(value) ? value.map(textOf) : undefined;
  }

  #at(location: Location): unknown {
    return location.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], this.#exact);
  }
}

function textOf(value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  return stringify(value) ?? null;
}
