import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { forkedNames, forksIn, phrases, proseOf, terms, words } from '../support/glossary.js';

/** Pages whose words are held: a page joins when it is rewritten. */
const PAGES = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'docs/README.md',
  'docs/architecture.md',
  'docs/contract.md',
  'docs/threat-model.md',
  'docs/glossary.md',
  'docs/operations.md',
  'docs/deploying.md',
  'docs/reference/cli.md',
  'docs/reference/errors.md',
  'docs/tutorial/README.md',
  'docs/tutorial/1-hello.md',
  'docs/tutorial/2-digits.md',
  'docs/tutorial/3-webhook.md',
  'docs/tutorial/4-agent.md',
  'docs/tutorial/5-test.md',
  'docs/tutorial/6-publish.md',
];

/** Folders whose names of files and exported identifiers are held. */
const ROOMS = ['src'];

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, root), 'utf8');

/** The names of a folder's files and folders, and of what they export. */
async function namesOf(room: string): Promise<string[]> {
  const files = (await readdir(new URL(`${room}/`, root), { recursive: true })).filter((name) => name.endsWith('.ts'));
  const names = await Promise.all(
    files.map(async (file) => {
      const text = await read(`${room}/${file}`);
      const exported = /^export (?:async |abstract |declare )*(?:function\*?|const|class|interface|type|enum) (\w+)/gm;
      return [
        ...file.replace(/(\.test)?\.ts$/, '').split(/[\\/]/),
        ...[...text.matchAll(exported)].map(([, name = '']) => name),
      ];
    }),
  );
  return names.flat();
}

describe('docs/glossary.md', () => {
  it('lists each term once, in the order of the alphabet', () => {
    const listed = terms.map(({ term }) => term);
    expect(listed.length).toBeGreaterThan(50);
    expect(listed).toEqual([...new Set(listed)].sort((a, b) => a.localeCompare(b, 'en')));
  });

  it('lists each phrase once', () => {
    expect(phrases.length).toBeGreaterThan(15);
    expect(phrases).toEqual([...new Set(phrases)]);
  });

  it('forbids no word that is a term', () => {
    const forbidden = new Set(words);
    expect(terms.filter(({ term }) => forbidden.has(term))).toEqual([]);
  });

  it.each(PAGES)('%s has no forked word and no banned phrase', async (page) => {
    expect(forksIn(proseOf(await read(page)), [...words, ...phrases])).toEqual([]);
  });

  it.each(ROOMS)('%s: no file and no exported identifier has a forked name', async (room) => {
    const names = await namesOf(room);
    expect(names.length).toBeGreaterThan(3);
    expect(forkedNames(names)).toEqual([]);
  });

  it('a forked word that comes back is found, in prose and in names', () => {
    const page =
      'It wakes them,\nand the call goes\non after some 3 s. A story, `a renews`, [x](wake.md).\n```\ntold\n```\n';
    expect(forksIn(proseOf(page), [...words, ...phrases]).map((fork) => fork.split('"')[1])).toEqual([
      'wakes',
      'story',
      'goes on',
      'some N',
    ]);
    const forked = ['wakeDeliveries', 'release-deliveries', 'CallRemains', 'call-log', 'Renewal', 'DeliveryBooks'];
    expect(forkedNames([...forked, 'placeCall', 'remainingSeconds', 'Timeline'])).toEqual(forked);
  });
});
