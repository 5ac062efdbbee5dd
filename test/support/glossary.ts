/**
 * The words that `docs/glossary.md` forbids, and where they are found.
 * @module
 */
import { readFile } from 'node:fs/promises';

const glossary = await readFile(new URL('../../docs/glossary.md', import.meta.url), 'utf8');

/** The rows of one table of the page, by their cells. */
function rowsOf(heading: string): string[][] {
  const section = glossary.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = [...section.matchAll(/^\| (.+) \|$/gm)].map(([, cells = '']) => cells.split(/ ?\| /));
  return rows.slice(1);
}

/** The terms of the page, each with the words that are forbidden for it. */
export const terms = rowsOf('Terms').map(([term = '', , not = '']) => ({
  term: term.replaceAll('**', ''),
  not: not.split(', ').filter((word) => word.trim() !== ''),
}));
/** The phrases that are forbidden in prose. */
export const phrases = rowsOf('Phrases').flatMap(([not = '']) => not.split(' / '));
const inCode = (word: string) => word.startsWith('`');
/** The words that are forbidden in prose, and as a part of a name. */
export const words = terms.flatMap(({ not }) => not.filter((word) => !inCode(word)));
const globs = terms.flatMap(({ not }) => not.filter(inCode).map((word) => word.replaceAll('`', '')));

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Finds a word or phrase as whole words, over line ends and hyphens; `N` is a number. */
const asText = (phrase: string) =>
  new RegExp(`(?<![\\w-])${escaped(phrase).replace(/\bN\b/, '\\d').replace(/[ -]/g, '[ -]')}(?!\\w)`, 'i');

/** Finds a name as the page writes it: `*` is any text. */
const asName = (glob: string) => new RegExp(`^${glob.split('*').map(escaped).join('.*')}$`);

/** The prose of a page: without code, addresses of links, and what the glossary itself forbids. */
export function proseOf(page: string): string {
  return page
    .replace(/^```[^]*?^```/gm, '')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/^(\| \*\*.+) \|.*\|$/gm, '$1')
    .replace(/^## Phrases[^]*?(?=^## |$(?![^]))/gm, '')
    .replace(/`[^`]*`/g, '`')
    .replace(/\s+/g, ' ');
}

/** The forbidden words and phrases of a text, each with the text around it. */
export function forksIn(text: string, forbidden: string[]): string[] {
  return forbidden.flatMap((phrase) => {
    const found = asText(phrase).exec(text);
    return found ? [`"${phrase}" in "${text.slice(Math.max(0, found.index - 30), found.index + 40)}"`] : [];
  });
}

/** A name in lower case with hyphens: `releaseDeliveries` is `release-deliveries`. */
const hyphened = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();

/** The names among these that hold a forbidden word, or are a forbidden name. */
export function forkedNames(names: string[]): string[] {
  return names.filter((name) => {
    const plain = hyphened(name);
    return words.some((word) => asText(word).test(plain.replaceAll('-', ' '))) || globs.some((glob) => asName(glob).test(plain)); // prettier-ignore
  });
}
