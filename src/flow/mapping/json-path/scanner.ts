/**
 * Reads the smallest parts of a JSON path: names, strings, numbers, blanks. Contract R4.
 * @module
 */
import { JsonNumber } from '../json-text.js';

/** The path does not parse; the message says what was expected at which character. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
}

const NAME_START = 'A-Za-z_\\u{80}-\\u{D7FF}\\u{E000}-\\u{10FFFF}';
const NAME = new RegExp(`[${NAME_START}][${NAME_START}0-9-]*`, 'uy');
const FUNCTION = /[a-z][a-z0-9_]*(?=\()/y;
const BLANK = /[ \t\n\r]*/y;
const INTEGER = /0|-?[1-9][0-9]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// eslint-disable-next-line no-control-regex -- control characters are what a string must not hold
const PLAIN = /[^\u0000-\u001f\\'"\u{D800}-\u{DFFF}]+/uy;
const ESCAPE =
  /\\(?:[bfnrt/\\]|u(?:[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?![dD][89a-fA-F])[0-9a-fA-F]{4}))/y;

export class Scanner {
  private at = 0;

  constructor(private readonly path: string) {}

  get atEnd(): boolean {
    return this.at === this.path.length;
  }

  /** Takes `text` if it is next. */
  accept(text: string): boolean {
    const found = this.path.startsWith(text, this.at);
    if (found) this.at += text.length;
    return found;
  }

  /** Takes `word` if it is next and no longer name or function call starts with it. */
  acceptWord(word: string): boolean {
    const start = this.at;
    if (this.take(NAME) === word && this.path[this.at] !== '(') return true;
    this.at = start;
    return false;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`"${text}" was expected`);
  }

  name(): string | undefined {
    return this.take(NAME);
  }

  functionName(): string | undefined {
    return this.take(FUNCTION);
  }

  blanks(): void {
    this.take(BLANK);
  }

  /** Whether `text` comes after blanks; the blanks are taken only with it, for none may end a path. */
  acceptAfterBlanks(text: string): boolean {
    const start = this.at;
    this.blanks();
    if (this.accept(text)) return true;
    this.at = start;
    return false;
  }

  integer(): number | undefined {
    const digits = this.take(INTEGER);
    if (digits === undefined) return undefined;
    const value = Number(digits);
    return Number.isSafeInteger(value) ? value : this.fail('an index within 2^53 was expected');
  }

  number(): JsonNumber | undefined {
    const text = this.take(NUMBER);
    return text === undefined ? undefined : new JsonNumber(text);
  }

  string(): string | undefined {
    const quote = this.path[this.at];
    if (quote !== '"' && quote !== "'") return undefined;
    this.at++;
    let text = '';
    while (!this.accept(quote)) {
      if (this.accept(`\\${quote}`)) text += quote;
      else text += this.take(PLAIN) ?? this.otherQuote(quote) ?? this.escape();
    }
    return text;
  }

  fail(what: string): never {
    const where = this.atEnd ? 'at its end' : `at character ${this.at + 1}`;
    throw new JsonPathError(`${what} ${where}`);
  }

  private otherQuote(quote: string): string | undefined {
    const other = quote === '"' ? "'" : '"';
    return this.accept(other) ? other : undefined;
  }

  private escape(): string {
    const escape = this.take(ESCAPE);
    if (escape === undefined)
      this.fail(this.atEnd ? 'a closing quote was expected' : 'no such character or escape may stand in a string');
    return JSON.parse(`"${escape}"`) as string;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.path)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }
}
