/**
 * JSON that loses nothing: numbers keep the digits of their source, and no key is special. Contract V3, R5.
 * @module
 */

/** A number as it was written: `1.0` stays `1.0`, a 20-digit id keeps all its digits. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** A JSON value. Objects are maps, so that a key such as `__proto__` is a key like any other. */
export type JsonTree = null | boolean | string | JsonNumber | JsonTree[] | Map<string, JsonTree>;

/** Deeper nesting than this is refused, so that no answer can exhaust the stack. */
export const MAX_DEPTH = 500;

/** The text is not JSON; the message says what was expected and where, and quotes nothing of the text. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

/** Reads a JSON text (RFC 8259); of keys that come twice, the last one counts. */
export function readJson(text: string): JsonTree {
  const reader = new Reader(text);
  return reader.document();
}

/** Writes a value as compact JSON text, numbers with the digits of their source. */
export function writeJson(value: JsonTree): string {
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${writeJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// eslint-disable-next-line no-control-regex -- control characters are what a JSON string must not hold
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const WORD = /true|false|null/y;

class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  document(): JsonTree {
    const value = this.value();
    this.skip();
    if (this.at < this.text.length) this.fail('the end was expected');
    return value;
  }

  private value(): JsonTree {
    this.skip();
    const first = this.text[this.at];
    if (first === '{' || first === '[') {
      if (++this.depth > MAX_DEPTH) this.fail(`it is nested deeper than ${MAX_DEPTH} levels`);
      const container = first === '{' ? this.object() : this.array();
      this.depth--;
      return container;
    }
    if (first === '"') return this.string();
    const number = this.take(NUMBER);
    if (number !== undefined) return new JsonNumber(number);
    const word = this.take(WORD);
    return word === undefined ? this.fail('a value was expected') : (JSON.parse(word) as boolean | null);
  }

  private array(): JsonTree[] {
    const items: JsonTree[] = [];
    this.at++;
    this.skip();
    if (this.accept(']')) return items;
    do items.push(this.value());
    while (this.more(']'));
    return items;
  }

  private object(): Map<string, JsonTree> {
    const members = new Map<string, JsonTree>();
    this.at++;
    this.skip();
    if (this.accept('}')) return members;
    do {
      this.skip();
      const key = this.string();
      this.skip();
      if (!this.accept(':')) this.fail('":" was expected');
      members.set(key, this.value());
    } while (this.more('}'));
    return members;
  }

  /** After an item: whether another one follows, or the container ends. */
  private more(end: string): boolean {
    this.skip();
    if (this.accept(',')) return true;
    return this.accept(end) ? false : this.fail(`"," or "${end}" was expected`);
  }

  private string(): string {
    const literal = this.take(STRING);
    return literal === undefined
      ? this.fail('a string in double quotes was expected')
      : (JSON.parse(literal) as string);
  }

  private accept(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private skip(): void {
    this.take(SPACE);
  }

  private fail(what: string): never {
    const lines = this.text.slice(0, this.at).split('\n');
    throw new JsonSyntaxError(`${what} at line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`);
  }
}
