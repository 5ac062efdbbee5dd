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

  /**
   * @param name how messages call the text
   * @throws {MappingError} INVALID_RESPONSE for a text that is no JSON, or nested too deeply.
   */
  constructor(text: string, name = 'The answer') {
    try {
      this.tree = treeOf(text);
      this.#exact = keepsNumbers(text) ? this.tree : exactly(text);
    } catch (error) {
      if (error instanceof RangeError) throw new MappingError('INVALID_RESPONSE', `${name} is nested too deeply.`);
      const place = /at position \d+/.exec(error instanceof Error ? error.message : '')?.[0];
      throw new MappingError('INVALID_RESPONSE', `${name} is not JSON${place ? `: wrong ${place}` : ''}.`);
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

  /** The JSON text of the value. */
  json(location: Location): string {
    return stringify(this.#at(location)) ?? 'null';
  }

  /** The value as paths walk it. */
  valueAt(location: Location): JSONValue {
    return location.reduce<JSONValue>((value, step) => (value as Record<string, JSONValue>)[step] ?? null, this.tree);
  }

  #at(location: Location): unknown {
    return location.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], this.#exact);
  }
}

/** A string, a number, or where an object or array begins or ends. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[[\]{}]/gs;
/** Levels to which the quick reading is trusted: the other one says when an answer is nested too deeply. */
const QUICK_LEVELS = 200;

/** Whether JavaScript writes every number of a text as it stands there: then one reading is enough, the quick one. */
function keepsNumbers(text: string): boolean {
  let level = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '[' || token === '{') level += 1;
    else if (token === ']' || token === '}') level -= 1;
    else if (!token.startsWith('"') && String(Number(token)) !== token) return false;
    if (level > QUICK_LEVELS) return false;
  }
  return true;
}

function exactly(text: string): unknown {
  // The last of two equal keys counts, as everywhere in JavaScript.
  return parse(text, null, { onDuplicateKey: ({ newValue }) => newValue });
}

function treeOf(text: string): JSONValue {
  try {
    return JSON.parse(text) as JSONValue;
  } catch (error) {
    // This reading knows the place of each fault, the other one of some.
    exactly(text);
    throw error;
  }
}

function textOf(value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  return stringify(value) ?? null;
}
