/**
 * JSON paths after RFC 9535, with `data` for `$`. Contract R4.
 * @module
 */
import { JSONPathError, type JSONPathQuery, type Token } from 'json-p3';
import { environment } from './json-path-library.js';
import { comparedLogic } from './json-path-operands.js';

/** A path that does not parse, in words for a flow author. */
export class PathSyntaxError extends Error {
  override readonly name = 'PathSyntaxError';
}

const WORD = 'A-Za-z_\\u{80}-\\u{10FFFF}';

/** What is spelled otherwise for the library; strings and dotted names are taken over as they are. */
const PARTS = new RegExp(
  [
    `'(?:[^'\\\\]|\\\\.)*'|"(?:[^"\\\\]|\\\\.)*"|\\.[${WORD}][${WORD}0-9-]*`,
    `(?<root>(?<![${WORD}0-9-])data(?![${WORD}0-9(-]))`,
    `(?<number>(?<![${WORD}0-9.-])-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![${WORD}0-9.]))`,
  ].join('|'),
  'gu',
);

/**
 * Compiles a path. Inside filters `data` is the whole body, as `$` is: a bare word means nothing else there.
 * @throws {PathSyntaxError} saying what is wrong and where.
 */
export function compilePath(path: string): JSONPathQuery {
  toRoot(path);
  const places: [there: number, here: number][] = [];
  let written = '';
  let end = 0;
  for (const part of path.matchAll(PARTS)) {
    written += path.slice(end, part.index) + respelled(part, path.slice(0, part.index));
    end = part.index + part[0].length;
    places.push([written.length, end]);
  }
  written += path.slice(end);
  const characterOf = ({ index }: Token) => {
    const [there, here] = places.findLast(([at]) => at <= index) ?? [0, 0];
    return index - there + here + 1;
  };
  const query = compiled(written, characterOf);
  const logic = comparedLogic(query);
  if (!logic) return query;
  throw new PathSyntaxError(`true and false are compared at character ${characterOf(logic)}; write !(...), && or ||`);
}

function compiled(written: string, characterOf: (token: Token) => number): JSONPathQuery {
  try {
    return environment.compile(written);
  } catch (error) {
    if (!(error instanceof JSONPathError)) throw error;
    throw new PathSyntaxError(`${reasonIn(error)} at character ${characterOf(error.token)}`);
  }
}

/** A path from an item of a list on, as one of a whole body. @throws {PathSyntaxError} when it does not start with `item`. Contract R5b. */
export function fromItem(path: string): string {
  const rest = new RegExp(`^item(?![${WORD}0-9-])(.*)$`, 'su').exec(path)?.[1];
  if (rest === undefined) throw new PathSyntaxError('paths of a field start with "item", which stands for the item');
  return `data${rest}`;
}

/** The path with `$` for `data`. @throws {PathSyntaxError} when it does not start with `data`. */
export function toRoot(path: string): string {
  const rest = new RegExp(`^data(?![${WORD}0-9-])(.*)$`, 'su').exec(path)?.[1];
  if (rest === undefined) throw new PathSyntaxError('JSON paths start with "data", which stands for the whole body');
  return `$${rest}`;
}

function respelled(part: RegExpMatchArray, before: string): string {
  const { root, number } = part.groups ?? {};
  if (root !== undefined) return '$';
  return number !== undefined && before.includes('?') ? withoutLeadingZero(number) : part[0];
}

/** The library refuses numbers that start with a zero, `0.5` too: the same number as an integer with an exponent. */
function withoutLeadingZero(number: string): string {
  // Only `-01` it takes, for -1: without its sign it is refused as `01` is.
  if (/^-0[0-9]/.test(number)) return number.slice(1);
  const [, sign, fraction, exponent] = /^(-?)0\.(\d+)(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  if (fraction === undefined) return /^-?0[eE]/.test(number) ? '0' : number;
  const digits = fraction.replace(/^0+/, '');
  return digits === '' ? '0' : `${sign}${digits}e${Number(exponent ?? 0) - fraction.length}`;
}

/** The library's messages end in a piece of the path as it was respelled, and name its own tokens. */
function reasonIn(error: JSONPathError): string {
  return error.message
    .replace(/\s*\('[^]*':\d+\)$/, '')
    .replace(/TOKEN_[A-Z_]+/g, (token) => TOKENS[token] ?? token)
    .replace(/^can't backup beyond start$/, 'a name was expected');
}

const TOKENS: Record<string, string> = {
  TOKEN_COMMA: ',',
  TOKEN_COLON: ':',
  TOKEN_INDEX: 'index',
  TOKEN_NAME: 'name',
  TOKEN_RBRACKET: ']',
  TOKEN_RPAREN: ')',
  TOKEN_ERROR: 'end',
  TOKEN_EOF: 'end',
};
