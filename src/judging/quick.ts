/**
 * What is done at once, in the thread that asks: its cost is bounded by its size, and is less than that of a way to another
 * thread and back, or near it.
 * @module
 */
import type { MapRow, RowPath } from '../flow/mapping/map-rows.js';
import type { Work, Works } from './judge.js';

/** Bytes of text in any charset. */
const SMALL_TEXT = 64 * 1024;
/** Charsets of which a MiB is read in about a millisecond, whatever is in it. */
const FAST_CHARSET = /^utf-?(?:8|16(?:le|be)?)$/i;
/** Names and places alone: what they cost is bounded by the size of the answer. */
const PLAIN_JSON_PATH = /^data(?:\.[A-Za-z_][\w-]*|\[\d+\])*$/;
/** Characters of an answer times rows. */
const SMALL_JSON = 64 * 1024;
/** Steps along children to an element or an attribute. */
const PLAIN_XPATH = /^\/?[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?(?:\/@?[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)*$/;
const SMALL_XML = 8 * 1024;
/** Characters of all paths of a mapping. */
const SHORT_PATHS = 4096;

/** Bytes of a document in JSON. */
const SMALL_BODY = 32 * 1024;
/** Characters and values of a document. */
const SMALL_DOCUMENT = 16 * 1024;

/** Whether work takes milliseconds at most, whatever it is given: `quick.test.ts` has the worst that was found. */
export function isQuick(work: Work): boolean {
  switch (work.kind) {
    case 'text':
      return isQuickText(work.given);
    case 'mapping':
      return isQuickMapping(work.given);
    case 'body':
      return work.given.bytes.byteLength <= SMALL_BODY;
    case 'flow':
    case 'account':
      return sizeUpTo(SMALL_DOCUMENT, work.given.document) < SMALL_DOCUMENT;
  }
}

function isQuickText({ bytes, charset }: Works['text']['given']): boolean {
  return bytes.byteLength <= SMALL_TEXT || FAST_CHARSET.test(charset);
}

function isQuickMapping({ text, by: { type }, rows, contract }: Works['mapping']['given']): boolean {
  if (type === 'none') return true;
  // A contract becomes code, which runs in no thread of ours but those. Contract R10.
  if (contract) return false;
  // Of a text within the answer, nobody knows yet how long it is.
  if (rows.some((row) => 'then' in row)) return false;
  const [small, plain] = type === 'json' ? [SMALL_JSON, PLAIN_JSON_PATH] : [SMALL_XML, PLAIN_XPATH];
  const paths = rows.flatMap(pathsOf);
  const characters = paths.reduce((sum, { length }) => sum + length, 0);
  if (text.length * Math.max(1, paths.length) > small || characters > SHORT_PATHS) return false;
  return paths.every((path) => plain.test(path));
}

/** The paths of a row; of a field of a list, as if it began at the answer: what it costs is bounded by the size of that. */
function pathsOf(row: MapRow): string[] {
  if ('header' in row) return [];
  const filledOf = ({ path, filled = path }: RowPath) => filled;
  if (!('each' in row)) return [filledOf(row)];
  return [filledOf(row.each), ...row.fields.map((field) => filledOf(field).replace(/^item(?![\w-])/, 'data'))];
}

/** Characters of texts and keys, and values, of a document, counted no further than `most`. */
export function sizeUpTo(most: number, document: unknown): number {
  let size = 0;
  const open: unknown[] = [document];
  for (let value = open.pop(); size < most && (value !== undefined || open.length > 0); value = open.pop()) {
    size += 1;
    if (typeof value === 'string') size += value.length;
    if (typeof value !== 'object' || value === null) continue;
    for (const key in value) {
      size += key.length;
      open.push((value as Record<string, unknown>)[key]);
      if (size + open.length > most) return most;
    }
  }
  return Math.min(most, size);
}
