import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const NOT_BUILT = '*(not built yet)*';
/** An id as a text cites it; not a part of a code point (`\u{E000}`), of encoded bytes (`=C3=B6`, `%E0`) or of a time (`T09`). */
const CITATION = /(?<![\w\\{=%#$])[DVTWRHFEKCB][1-9]\d?[a-z]?(?![\w=%])/g;
/** What looks like an id and is none: the JavaScript engine. */
const NO_IDS = new Set(['V8']);
/** Rules that are built and that no test can cite, each with the reason. */
const WITHOUT_TEST: Record<string, string> = {};

const page = await readFile(new URL('docs/contract.md', root), 'utf8');
const rules = [...page.matchAll(/^- \*\*([A-Z]\d+[a-z]?)\*\*(.*)$/gm)].map(([, id = '', text = '']) => ({
  id,
  built: !text.startsWith(` ${NOT_BUILT} `),
}));
const known = new Set(rules.map(({ id }) => id));

/** Every text file of the project below these folders, and the pages beside them. */
async function filesOf(folders: readonly string[]): Promise<string[]> {
  const found = folders.map(async (folder) => {
    const names = await readdir(new URL(`${folder}/`, root), { recursive: true });
    return names.filter((name) => /\.(ts|md)$/.test(name)).map((name) => `${folder}/${name}`);
  });
  const pages = (await readdir(root)).filter((name) => name.endsWith('.md'));
  return [...(await Promise.all(found)).flat(), ...pages];
}

const files = await filesOf(['src', 'test', 'docs', 'bench']);
/** The ids that each file cites. */
const cited = new Map(
  await Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, root), 'utf8');
      return [file, new Set([...text.matchAll(CITATION)].map(([id]) => id).filter((id) => !NO_IDS.has(id)))] as const;
    }),
  ),
);
const citedByTests = new Set([...cited].flatMap(([file, ids]) => (isTest(file) ? [...ids] : [])));

function isTest(file: string): boolean {
  return file.endsWith('.test.ts') && file !== 'test/docs/contract.test.ts';
}

describe('docs/contract.md', () => {
  it('gives each rule an id of its own', () => {
    expect(rules.length).toBeGreaterThan(80);
    expect(rules.map(({ id }) => id).filter((id, at, all) => all.indexOf(id) !== at)).toEqual([]);
  });

  it('has every rule that code, tests and docs cite', () => {
    const unknown = [...cited].flatMap(([file, ids]) =>
      [...ids].filter((id) => !known.has(id)).map((id) => [file, id]),
    );
    expect(unknown).toEqual([]);
  });

  it('has a test that cites it for every rule that is built', () => {
    const without = rules.filter(({ id, built }) => built && !citedByTests.has(id)).map(({ id }) => id);
    expect(without).toEqual(Object.keys(WITHOUT_TEST));
  });

  it('calls no rule unbuilt that a test cites', () => {
    expect(rules.filter(({ id, built }) => !built && citedByTests.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('has the badge only after an id, and at the start of a point below a rule', () => {
    const places = page
      .split('\n')
      .filter((line) => line.includes(NOT_BUILT) && !line.startsWith('**What is built.**'));
    expect(places.filter((line) => !/^(- \*\*\w+\*\*| {2}-) \*\(not built yet\)\* \S/.test(line))).toEqual([]);
    expect(page.match(/not built yet/g)).toHaveLength(places.length + 1);
  });
});
