import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string) => readFile(at(path), 'utf8');
interface Locked {
  version: string;
  integrity?: string;
  license?: string;
  dev?: boolean;
}
const { packages } = JSON.parse(await read('package-lock.json')) as { packages: Record<string, Locked> };
const installed = Object.entries(packages).filter(([place]) => place !== '');

/** Licences of what is installed with Hookline: none asks for more than a notice. */
const ALLOWED = [
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 AND MIT',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
];
/** Packages whose licence is another, or stands elsewhere, with what was found. */
const EXPLAINED: Record<string, string> = {
  'node_modules/caniuse-lite':
    'CC-BY-4.0: data on browsers, of the bundler of Temporal’s worker, of which nothing is shipped',
  'node_modules/unionfs': 'Unlicense: its package.json says so in an old form',
};

describe('docs/supply-chain.md', () => {
  it('every package of the lockfile has a hash, so that npm ci takes no other bytes', () => {
    expect(installed.length).toBeGreaterThan(200);
    const without = installed.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''));
    expect(without.map(([place]) => place)).toEqual([]);
  });

  it('every dependency is pinned to one version, which is that of the lockfile', async () => {
    const { dependencies, devDependencies } = JSON.parse(await read('package.json')) as Record<
      string,
      Record<string, string>
    >;
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      expect(`${name} ${version}`).toBe(`${name} ${packages[`node_modules/${name}`]?.version}`);
  });

  it('every package that is installed with Hookline has a licence that asks for no more than a notice', () => {
    const others = installed.filter(([, { dev, license }]) => !dev && !ALLOWED.includes(license ?? ''));
    expect(others.map(([place]) => place).sort()).toEqual(Object.keys(EXPLAINED).sort());
  });

  it('lists every package with its licence', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [at('scripts/licences.mjs')]);
    const rows = [...(await read('docs/supply-chain.md')).matchAll(/^\| [\w. -]+ \| \d+ \| .+ \|$/gm)].map(
      ([row]) => row,
    );
    expect(rows).toEqual(stdout.trim().split('\n'));
  });
});
