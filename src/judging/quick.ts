/**
 * What is done at once, in the thread that asks: its cost is bounded by its size, and is less than that of a way to another
 * thread and back, or near it.
 * @module
 */
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

/** Whether work takes milliseconds at most, whatever it is given: `quick.test.ts` has the worst that was found. */
export function isQuick(work: Work): boolean {
  return work.kind === 'text' ? isQuickText(work.given) : isQuickMapping(work.given);
}

function isQuickText({ bytes, charset }: Works['text']['given']): boolean {
  return bytes.byteLength <= SMALL_TEXT || FAST_CHARSET.test(charset);
}

function isQuickMapping({ text, by: { type }, rows }: Works['mapping']['given']): boolean {
  const [small, plain] = type === 'json' ? [SMALL_JSON, PLAIN_JSON_PATH] : [SMALL_XML, PLAIN_XPATH];
  const paths = rows.map(({ path, filled = path }) => filled);
  const characters = paths.reduce((sum, { length }) => sum + length, 0);
  if (text.length * Math.max(1, paths.length) > small || characters > SHORT_PATHS) return false;
  return paths.every((path) => plain.test(path));
}
