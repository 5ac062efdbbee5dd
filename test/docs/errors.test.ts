import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as catalogue from '../../src/flow/errors.js';

const page = await readFile(new URL('../../docs/reference/errors.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| ([A-Z][A-Z_]+) \| (.+?) \| (.+) \|$/gm)].map(([, code, where, text]) => ({
  ...{ code, where, text },
}));

/** How the column `where` begins for the codes of each part of the catalogue. */
const PARTS: [where: string, codes: Record<string, string>][] = [
  ['documents', catalogue.DOCUMENT_ERRORS],
  ['warning', catalogue.DOCUMENT_WARNINGS],
  ['webhook', catalogue.WEBHOOK_REASONS],
  ['call', catalogue.CALL_ERRORS],
  ['command', catalogue.SYSTEM_ERRORS],
  ['API', catalogue.API_ERRORS],
];

describe('docs/reference/errors.md', () => {
  it.each(PARTS)('%s: the page has each code of the catalogue in its words, and no other', (where, codes) => {
    const listed = rows.filter((row) => row.where?.startsWith(where)).map(({ code, text }) => [code, text]);
    expect(listed).toEqual(Object.entries(codes));
  });

  it('every row of the page is of one part of the catalogue', () => {
    const known = PARTS.flatMap(([, codes]) => Object.keys(codes));
    expect(rows.map(({ code }) => code)).toEqual(known);
  });

  it('the test knows every part of the catalogue', () => {
    const parts = Object.values(catalogue).filter((one) => typeof one === 'object');
    expect(PARTS.map(([, codes]) => codes)).toEqual(parts);
  });
});
