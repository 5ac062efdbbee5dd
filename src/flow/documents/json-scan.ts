/**
 * Looks through a text for what JSON.parse takes in silence or reports without its place. Contract D1.
 * @module
 */
import Big from 'big.js';
import type { Problem } from '../errors.js';
import { pointer } from '../validation/pointer.js';
import { MAX_DEPTH } from './limits.js';
import { placeIn } from './text-place.js';

/** Where a text stops being JSON, and what is wrong there. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';
  constructor(
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}

/** A text that is larger than its reader takes: in values, in keys of one object, or in depth. */
export class JsonTooLarge extends Error {
  override readonly name = 'JsonTooLarge';
}

/** The most that a reader takes. */
export interface JsonLimits {
  values: number;
  /** Of one object. */
  keys: number;
  depth: number;
}

/** Slips that are listed of one text: a document written to keep us busy has thousands. */
const MAX_SLIPS = 100;
/** Characters of a number that a message shows. */
const MAX_SHOWN = 40;

const BLANKS = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_.+-])/uy;
const LITERAL = /(?:true|false|null)(?![\p{L}\p{N}_])/uy;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;

/** An object or list whose end has not come yet. */
interface Open {
  close: '}' | ']';
  /** Keys of an object that has some, each with where it stands first. */
  keys?: Map<string, number>;
  /** The key or index of the value that is being read. */
  at: string | number;
}

/**
 * Every key that stands twice in one object, and every number that a double would change.
 * @throws {JsonFault} when the text is no JSON (RFC 8259), {@link JsonTooLarge} over a limit
 */
export function scanJson(text: string, limits = NO_LIMITS): Problem[] {
  return new Scan(text, limits).run();
}

const NO_LIMITS: JsonLimits = { values: Infinity, keys: Infinity, depth: Infinity };

class Scan {
  readonly #slips: Problem[] = [];
  readonly #open: Open[] = [];
  #at = 0;

  #values = 0;

  constructor(
    private readonly text: string,
    private readonly limits: JsonLimits,
  ) {}

  run(): Problem[] {
    do {
      if (!this.#value()) continue;
      while (this.#open.length > 0 && !this.#next());
    } while (this.#open.length > 0);
    if (this.#char() !== '') throw this.#fault('The document ends before this');
    return this.#slips;
  }

  /** Reads a value; false when it is an object or list that goes on with a value of its own. */
  #value(): boolean {
    const char = this.#char();
    this.#values += 1;
    if (this.#values > this.limits.values) throw tooLarge(`${this.limits.values} values`);
    if (char === '{' || char === '[') return this.#begin(char);
    if (char === '"') this.#string();
    else if (this.#match(LITERAL) === undefined) this.#number();
    return true;
  }

  #begin(char: '{' | '['): boolean {
    const close = char === '{' ? '}' : ']';
    this.#at += 1;
    this.#open.push({ close, at: 0 });
    if (this.#open.length > this.limits.depth) throw tooLarge(`${this.limits.depth} levels of nesting`);
    if (this.#char() === close) return this.#end();
    if (char === '{') this.#key();
    return false;
  }

  #end(): true {
    this.#at += 1;
    this.#open.pop();
    return true;
  }

  /** After a value: true when another one follows, false when its object or list has ended. */
  #next(): boolean {
    const open = this.#open.at(-1) as Open;
    const char = this.#char();
    if (char === open.close) return !this.#end();
    if (char !== ',') throw this.#fault(`"," or "${open.close}" is expected`);
    const comma = this.#at;
    this.#at += 1;
    if (this.#char() === open.close) throw new JsonFault(comma, `No comma stands before "${open.close}"`);
    if (open.close === '}') this.#key();
    else open.at = Number(open.at) + 1;
    return true;
  }

  #key(): void {
    if (this.#char() !== '"') throw this.#fault('A key in double quotes is expected');
    const start = this.#at;
    const key = JSON.parse(this.#string()) as string;
    const open = this.#open.at(-1) as Open;
    open.at = key;
    open.keys ??= new Map();
    const before = open.keys.get(key);
    if (open.keys.size > this.limits.keys) throw tooLarge(`${this.limits.keys} keys in one object`);
    if (before === undefined) open.keys.set(key, start);
    else this.#slip('DUPLICATE_KEY', start, () => `This key stands twice here: first at ${placeIn(this.text, before)}`);
    if (this.#char() !== ':') throw this.#fault('":" is expected after the key');
    this.#at += 1;
  }

  /** Reads a string; gives it with its quotes. */
  #string(): string {
    const start = this.#at;
    for (this.#at += 1; this.text[this.#at] !== '"';) {
      const code = this.text.charCodeAt(this.#at);
      if (Number.isNaN(code)) throw new JsonFault(start, 'This string has no end');
      if (code < 0x20) throw this.#fault('A string holds no line end or control character as it is, only as an escape');
      if (code !== 0x5c) this.#at += 1;
      else if (this.#match(ESCAPE) === undefined) throw this.#fault('There is no such escape');
    }
    this.#at += 1;
    return this.text.slice(start, this.#at);
  }

  #number(): void {
    const start = this.#at;
    const number = this.#match(NUMBER);
    if (number === undefined) throw this.#fault(this.#noValue());
    if (isExact(number)) return;
    const shown = number.length > MAX_SHOWN ? `${number.slice(0, MAX_SHOWN)}…` : number;
    const became = `${shown} would become ${Number(number)}`;
    const message = `${became}. Write it in quotes; in a JSON body, write the body as text`;
    this.#slip('INEXACT_NUMBER', start, () => message);
  }

  /** What is wrong where a value should stand. */
  #noValue(): string {
    const rest = this.text.slice(this.#at, this.#at + 2);
    if (rest === '') return 'The document ends where a value is expected';
    if (rest === '//' || rest === '/*') return 'JSON has no comments';
    if (rest.startsWith("'")) return 'A string stands in double quotes';
    if (/^[-+.\d]/.test(rest)) return 'This is no number of JSON';
    const word = this.#match(WORD);
    if (word === undefined) return 'A value is expected';
    this.#at -= word.length;
    const lower = word.toLowerCase();
    if (['true', 'false', 'null'].includes(lower)) return `"${lower}" is written in lower case`;
    return 'A value is expected; a text stands in double quotes';
  }

  /** Goes to the next character that is no blank; the empty text at the end. */
  #char(): string {
    this.#match(BLANKS);
    return this.text[this.#at] ?? '';
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #fault(message: string): JsonFault {
    return new JsonFault(this.#at, message);
  }

  /** @param message asked only for a slip that is listed: a place in the text is found by counting its lines */
  #slip(code: 'DUPLICATE_KEY' | 'INEXACT_NUMBER', at: number, message: () => string): void {
    // Validation refuses a document that is nested deeper as a whole.
    if (this.#slips.length >= MAX_SLIPS || this.#open.length > MAX_DEPTH) return;
    const place = pointer(...this.#open.map((open) => open.at));
    this.#slips.push({ code, pointer: place, message: `${message()} (${placeIn(this.text, at)}).` });
  }
}

function tooLarge(what: string): JsonTooLarge {
  return new JsonTooLarge(`The document has more than ${what}.`);
}

/** Whether a double holds the very number that is written. */
export function isExact(written: string): boolean {
  const number = Number(written);
  return Number.isFinite(number) && new Big(written).eq(String(number));
}
