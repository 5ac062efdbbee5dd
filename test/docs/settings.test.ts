import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../scripts/docs/texts/settings.js';
import { DEFAULT_LIMITS } from '../../src/engine/opened-call.js';
import { workerSettings } from '../../src/temporal/worker-settings.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, root), 'utf8');

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
    // Names with the id of an account, which the code puts together.
    if (used.delete('HOOKLINE_SECRET_')) used.add('HOOKLINE_SECRET_ID_...');
    // As a message spells them.
    used.delete('HOOKLINE_SECRET_ID_NAME');
    expect(Object.keys(SETTINGS).sort()).toEqual([...used].sort());
  });

  it('gives each limit of a call the default that it has', () => {
    for (const [name, [shown]] of Object.entries(SETTINGS)) {
      const [limit] = Object.keys(
        workerSettings({ [name]: '7', HOOKLINE_SECRETS: '', HOOKLINE_PROXY: '' }).limits,
      ) as (keyof typeof DEFAULT_LIMITS)[];
      if (limit !== undefined) expect(`${name} ${shown}`).toBe(`${name} ${DEFAULT_LIMITS[limit] ?? 'off'}`);
    }
  });
});
