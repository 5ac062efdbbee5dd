import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const page = await readFile(new URL('docs/threat-model.md', root), 'utf8');
const rows = page.split('\n').filter((line) => /^\| (?!-|asset |actor |item )/.test(line));
const tables = rows.map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));
const assets = tables.filter((cells) => cells.length === 5);
const hostile = tables.filter((cells) => cells.length === 3);
const files = (await readdir(root, { recursive: true })).filter((name) => /^(src|test)\/.*\.test\.ts$/.test(name));

/** Files that a cell names: by their whole path, or by their name after one of the same folder. */
function namedIn(cell: string): string[] {
  return [...cell.matchAll(/`([\w./*-]+\.test\.ts)`/g)].map(([, name = '']) => name);
}

/** Files and folders of a cell that are not there; a bare name stands in the folder of the file before it. */
function missingIn(cell: string): string[] {
  let folder = '';
  return [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, name = '']) => {
    const path = name.includes('/') ? name : `${folder}${name}`;
    folder = path.slice(0, path.lastIndexOf('/') + 1);
    return existsSync(new URL(path, root)) ? [] : [path];
  });
}

function exists(name: string): boolean {
  if (name.includes('*')) return files.some((file) => file.startsWith(name.slice(0, name.indexOf('*'))));
  return name.includes('/') ? existsSync(new URL(name, root)) : files.some((file) => file.endsWith(`/${name}`));
}

describe('docs/threat-model.md', () => {
  it('says of every asset from whom, what stops it, where, and which test shows it', () => {
    expect(assets.length).toBeGreaterThan(20);
    for (const cells of assets)
      expect(
        cells.filter((cell) => cell === ''),
        cells[0],
      ).toEqual([]);
  });

  it('names a test for every asset and every item of the hostile suites', () => {
    expect(hostile.length).toBeGreaterThan(10);
    for (const cells of [...assets, ...hostile])
      expect(namedIn(cells.at(-1) ?? '').length, cells[0]).toBeGreaterThan(0);
  });

  it('names no code that is not there', () => {
    expect(assets.flatMap((cells) => missingIn(cells[3] ?? ''))).toEqual([]);
  });

  it('names no test that is not there', () => {
    expect(
      [...assets, ...hostile].flatMap((cells) => namedIn(cells.at(-1) ?? '')).filter((name) => !exists(name)),
    ).toEqual([]);
  });
});
