import { access, readFile, readdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, root), 'utf8');
const docs = (await readdir(new URL('docs/', root), { recursive: true })).map(
  (name) => `docs/${name.replaceAll('\\', '/')}`,
);
const pages = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...docs.filter((name) => name.endsWith('.md'))];

const withoutCode = (page: string) => page.replace(/^```[^]*?^```/gm, '');
const linksOf = (page: string) => [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);

/** The anchors of a page, as GitHub makes them of its headings. */
const anchorsOf = (page: string) =>
  [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(
    ([, heading = '']) =>
    heading.toLowerCase().replace(/[^a-z0-9 _-]/g, '').replaceAll(' ', '-'), // prettier-ignore
  );

describe('the links of the docs', () => {
  it.each(pages)('%s: each leads to a file, and to a heading of it', async (page) => {
    for (const link of linksOf(await read(page)).filter((one) => !/^\w+:/.test(one))) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : posix.join(posix.dirname(page), path);
      await expect(access(new URL(target, root)), `${page}: ${link}`).resolves.toBeUndefined();
      if (anchor !== undefined) expect(anchorsOf(await read(target)), `${page}: ${link}`).toContain(anchor);
    }
  });

  it('docs/README.md leads to every page', async () => {
    const led = linksOf(await read('docs/README.md')).map((link) => posix.join('docs', link.replace(/#.*/, '')));
    // A step of the tutorial is led to by the tutorial.
    expect(pages.filter((page) => !/^docs\/tutorial\/\d|README\.md$/.test(page) && !led.includes(page))).toEqual([]);
  });
});
