import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { linked } from '../../scripts/docs/links.js';
import { filled } from '../../scripts/docs/markers.js';
import { PAGES, stalePages } from '../../scripts/docs/pages.js';
import { table } from '../../scripts/docs/table.js';

const root = new URL('../../', import.meta.url);

describe('tables that `npm run docs` writes', () => {
  it('are as the code says: otherwise run `npm run docs`', async () => {
    for (const { path, text } of await stalePages()) expect(await readFile(path, 'utf8'), path).toBe(text);
  });

  it('every page with a marker is known to the program', async () => {
    const pages = (await readdir(new URL('docs/', root), { recursive: true })).filter((name) => name.endsWith('.md'));
    for (const page of pages) {
      const marked = /^<!-- docs: [\w-]+ -->$/m.test(await readFile(new URL(`docs/${page}`, root), 'utf8'));
      expect({ [page]: marked }).toEqual({ [page]: Object.hasOwn(PAGES, `docs/${page}`) });
    }
  });

  it('say of every field of a document what it is', async () => {
    const rows = Object.entries(PAGES).flatMap(([page, { tables }]) =>
      Object.values(tables).map(async (make) => [page, await make()] as const),
    );
    for (const [page, text] of await Promise.all(rows)) {
      if (!text.includes('| limit | what it says |')) continue;
      // The `type` of a widget, and the webhook, whose fields are on a page of their own.
      const silent = text.split('\n').filter((row) => row.endsWith('| |') && !/^\| `(type|webhook)` /.test(row));
      expect({ [page]: silent }).toEqual({ [page]: [] });
    }
  });
});

describe('filled', () => {
  const page = 'before\n<!-- docs: one -->\nold\n<!-- /docs -->\nafter\n';

  it('replaces what stands between the markers, and nothing else; a second time changes nothing', () => {
    const once = filled(page, { one: 'new $& text' });
    expect(once).toBe('before\n<!-- docs: one -->\nnew $& text\n<!-- /docs -->\nafter\n');
    expect(filled(once, { one: 'new $& text' })).toBe(once);
  });

  it('refuses a marker that no table has, and a table without a marker', () => {
    expect(() => filled(page, {})).toThrow('no table is called one');
    expect(() => filled(page, { one: '', two: '' })).toThrow('the page has no marker <!-- docs: two -->');
  });
});

describe('table', () => {
  it('keeps a bar in its cell', () => {
    expect(table(['a', 'b'], [['`x|y`', '']])).toBe('| a | b |\n|---|---|\n| `x\\|y` | |');
  });
});

describe('linked', () => {
  it('links the first occurrence in each row, and refuses words that no row has', () => {
    expect(linked('a b a\na', { a: 'x' })).toBe('[a](x) b a\n[a](x)');
    expect(() => linked('a', { b: 'x' })).toThrow('no text has the words "b"');
  });
});
