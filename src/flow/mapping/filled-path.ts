/**
 * Variables in mapping paths: put in as a string literal or as a whole number, so that no value changes the shape of a path.
 * Contract V4.
 * @module
 */
import { TemplateError, type Lookup, orFail, valueOf } from '../values/fill.js';
import { tokenize, type VariableToken, variablesIn } from '../values/reference.js';

/** The languages of paths. */
export type PathLanguage = 'rfc9535' | 'jsonpath-plus' | 'xpath';

/** A piece of a path: the inside of a quoted string with its quote, or what stands outside of one. */
interface Piece {
  text: string;
  quote: '"' | "'" | null;
}

/** A variable that is all of what brackets hold. */
const INDEX = /\[\s*(\$(?:\{[^}]*\}|[\w.]+))\s*\]/g;
const WHOLE = /^(?:0|-?[1-9]\d{0,14})$/;
const COUNT = /^(?:0|[1-9]\d{0,14})$/;

/** The first variable that stands where no path takes one, by its name; undefined when each may stand where it does. Contract V4. */
export function misplacedVariable(path: string, language: PathLanguage): string | undefined {
  if (!path.includes('$')) return undefined;
  return piecesOf(path, language)
    .map(({ text, quote }) => {
      if (quote !== null) return language === 'jsonpath-plus' ? text : '';
      return text.replace(INDEX, (index, variable: string) => (oneVariable(variable) ? '[0]' : index));
    })
    .flatMap(variablesIn)[0];
}

/**
 * The path with the values of its variables; `$$` in a quoted string is a dollar.
 * @throws {TemplateError} INVALID_FLOW_VAR for an absent variable; INVALID_REQUEST for an index that is no whole number, and
 * for a text that this language cannot quote
 */
export function filledPath(path: string, language: PathLanguage, lookup: Lookup): string {
  if (!path.includes('$')) return path;
  return piecesOf(path, language)
    .map(({ text, quote }) => {
      if (quote === null) return withIndices(text, language, lookup);
      if (language === 'jsonpath-plus' || !text.includes('$')) return `${quote}${text}${quote}`;
      return language === 'xpath' ? xpathString(text, quote, lookup) : jsonString(text, quote, lookup);
    })
    .join('');
}

/** A path of which every value is a plain one, to see whether it parses. */
export function samplePath(path: string, language: PathLanguage): string {
  return filledPath(path, language, () => '1');
}

/** Quoted strings and what is between them. XPath knows no escapes; a string without an end is outside. */
function piecesOf(path: string, language: PathLanguage): Piece[] {
  const strings = language === 'xpath' ? /"([^"]*)"|'([^']*)'/g : /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/gs;
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of path.matchAll(strings)) {
    pieces.push({ text: path.slice(end, match.index), quote: null });
    pieces.push({ text: match[1] ?? match[2] ?? '', quote: match[0].startsWith('"') ? '"' : "'" });
    end = match.index + match[0].length;
  }
  return [...pieces, { text: path.slice(end), quote: null }];
}

function withIndices(text: string, language: PathLanguage, lookup: Lookup): string {
  return text.replace(INDEX, (index, variable: string) => {
    const token = oneVariable(variable);
    if (!token) return index;
    const { name } = token;
    const value = valueOf(token, lookup) ?? orFail(name);
    const allowed = language === 'rfc9535' ? WHOLE : COUNT;
    if (allowed.test(value)) return `[${value}]`;
    throw new TemplateError('INVALID_REQUEST', `The variable ${name} is an index of a path, and is no whole number.`);
  });
}

function oneVariable(text: string): VariableToken | undefined {
  const [first, ...others] = tokenize(text);
  return first?.kind === 'variable' && others.length === 0 ? first : undefined;
}

/** A string of RFC 9535: the author's part as it is written, values escaped. */
function jsonString(text: string, quote: string, lookup: Lookup): string {
  const parts = tokenize(text).map((token) =>
    token.kind === 'text' ? token.text : escaped(valueOf(token, lookup) ?? orFail(token.name), quote),
  );
  return `${quote}${parts.join('')}${quote}`;
}

function escaped(value: string, quote: string): string {
  // A surrogate without its other half is no character, and no answer can hold one.
  const json = JSON.stringify(value.replace(/[\ud800-\udfff]/gu, '\ufffd')).slice(1, -1);
  return quote === '"' ? json : json.replaceAll('\\"', '"').replaceAll("'", "\\'");
}

/** A literal of XPath 1.0, which has no escapes: the other quote, or `concat` of both. */
function xpathString(text: string, quote: string, lookup: Lookup): string {
  const value = tokenize(text)
    .map((token) => (token.kind === 'text' ? token.text : (valueOf(token, lookup) ?? orFail(token.name))))
    .join('');
  if (!value.includes(quote)) return `${quote}${value}${quote}`;
  const other = quote === '"' ? "'" : '"';
  if (!value.includes(other)) return `${other}${value}${other}`;
  return `concat(${value
    .split('"')
    .map((part) => `"${part}"`)
    .join(`, '"', `)})`;
}
