import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/engine/opened-call.js';
import { devServerArguments } from '../../src/temporal/servers/dev-server-arguments.js';
import { workerSettings } from '../../src/temporal/worker-settings.js';
import { searchAttributes } from '../../src/engine/search-attributes.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, root), 'utf8');
const page = await read('docs/reference/settings.md');

/** The rows of the page whose first cell is code: that cell and the next, without backquotes. */
const rows = [...page.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].map(
  ([, name = '', value = '']) => [name, value.replaceAll('`', '')] as const,
);
const variables = rows.filter(([name]) => /^[A-Z_]+$/.test(name));

describe('docs/reference/settings.md', () => {
  it('lists every environment variable of ours that the code reads, and no other', async () => {
    const files = (await readdir(new URL('src/', root), { recursive: true })).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
    );
    const used = new Set<string>();
    for (const file of files) {
      for (const [name] of (await read(`src/${file}`)).matchAll(/\b(?:(?:HOOKLINE|TEMPORAL)_[A-Z_]+|DATABASE_URL)\b/g))
        used.add(name);
    }
    // The code of an error.
    used.delete('TEMPORAL_UNREACHABLE');
    expect(variables.map(([name]) => name).sort()).toEqual([...used].sort());
  });

  it('gives each limit of a call the default that it has', () => {
    for (const [name, shown] of variables) {
      const [limit] = Object.keys(workerSettings({ [name]: '7' }).limits) as (keyof typeof DEFAULT_LIMITS)[];
      if (limit !== undefined) expect(`${name} ${shown}`).toBe(`${name} ${DEFAULT_LIMITS[limit] ?? 'off'}`);
    }
  });

  it('lists every setting of the development server with its value', async () => {
    const options = { port: 1, uiPort: false, dbFilename: undefined } as const;
    const given = (await devServerArguments('temporal', options)).filter((one) => /^[a-z]+\.\w+=/i.test(one));
    const listed = rows.filter(([name]) => /^[a-z]+\.\w+$/i.test(name) && !name.includes('json'));
    expect(listed.map(([name, value]) => `${name}=${value}`)).toEqual(given.map((one) => one.replaceAll('"', '')));
  });

  it('lists every search attribute', () => {
    const listed = rows.filter(([name]) => /^Hookline[A-Z]/.test(name)).map(([name]) => name);
    expect(listed).toEqual(Object.values(searchAttributes).map(({ name }) => name));
  });
});
