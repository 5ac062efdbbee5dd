/**
 * Puts the values of variables into JSON bodies. Contract T3, W5.
 * @module
 */
import { parse } from 'lossless-json';
import { tokenize } from '../values/reference.js';
import { fill, POLICIES, TemplateError, valueOf, type Lookup } from '../values/fill.js';

/** A JSON value as a flow document holds it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/**
 * Fills a JSON body. Contract T3, W5.
 *
 * Text is a template: inside quotes a value is escaped, outside it goes in as JSON, or as a string when it is none.
 * Any other content is a JSON value of which the strings (not the keys) are templates.
 *
 * @example fillJson('{"caller":"$call.cli.number","items":$flow.key.items}', 'fail', lookup)
 */
export function fillJson(content: JsonValue, onMissing: keyof typeof POLICIES, lookup: Lookup): string {
  if (typeof content === 'string') return checked(fillTemplate(content, onMissing, lookup));
  return JSON.stringify(content, (_key, value: JsonValue) =>
    typeof value === 'string' ? fill(value, lookup, POLICIES[onMissing]) : value,
  );
}

function fillTemplate(template: string, onMissing: keyof typeof POLICIES, lookup: Lookup): string {
  const literal = new Literal();
  let body = '';
  for (const token of tokenize(template)) {
    if (token.kind === 'text') {
      literal.read(token.text);
      body += token.text;
      continue;
    }
    if (literal.inEscape)
      throw new TemplateError('INVALID_REQUEST', `A backslash stands right before ${token.name} in the JSON body.`);
    const value = valueOf(token, lookup);
    const text = value ?? POLICIES[onMissing](token.name);
    body += literal.open ? JSON.stringify(text).slice(1, -1) : asJson(value);
  }
  return body;
}

/** Where the template's own text is: inside a string literal or not, and within an escape or not. */
class Literal {
  open = false;
  private pending = 0;

  get inEscape(): boolean {
    return this.pending > 0;
  }

  read(text: string): void {
    for (const char of text) {
      if (this.pending > 0)
        this.pending = this.pending === ESCAPED && char === 'u' ? 4 : this.pending === ESCAPED ? 0 : this.pending - 1;
      else if (char === '"') this.open = !this.open;
      else if (char === '\\' && this.open) this.pending = ESCAPED;
    }
  }
}

/** Right after a backslash; smaller numbers are the digits that a \u escape still lacks. */
const ESCAPED = 5;

/** A number, boolean, null, object or array goes in as it was written, everything else as a string. */
function asJson(value: string | undefined): string {
  if (value === undefined) return 'null';
  try {
    return typeof JSON.parse(value) === 'string' ? JSON.stringify(value) : value;
  } catch {
    return JSON.stringify(value);
  }
}

function checked(body: string): string {
  try {
    JSON.parse(body);
    return body;
  } catch {
    throw new TemplateError('INVALID_REQUEST', `With its variables filled in, the body is not JSON: ${faultOf(body)}.`);
  }
}

/** The engine's own message would quote the body; this one only says where. */
function faultOf(body: string): string {
  try {
    parse(body);
    return 'it cannot be read';
  } catch (error) {
    return (
      /at position \d+/.exec(error instanceof Error ? error.message : '')?.[0].replace('at', 'wrong at') ??
      'it cannot be read'
    );
  }
}
