/** No key and no setting of a machine leaves it with the image or the npm package. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
/** Files that may lie in a checkout, and must stay there. */
const OWN = [
  ...['.env', '.env.local', '.env.production', 'examples/shop/.env', 'docs/.env.test', 'bin/.env', 'dist/.env'],
  ...['ops/tls/server.key', 'examples/shop/client.pem', 'docs/ca.p12', 'bin/key.pfx', 'dist/id_rsa', 'ops/id_ed25519'],
  ...[
    '.git/config',
    '.git/objects/ab/cd',
    'examples/shop/.git/HEAD',
    '.hookline/operator-key',
    '.hookline/temporal.db',
  ],
  ...['examples/shop/.hookline/operator-key', '.npmrc.local', 'hookline.env', 'docs/prod.env', 'ops/.npmrc'],
];
/** What looks like one of these. */
const PRIVATE = /(^|\/)(\.env[^/]*|[^/]*\.(env|key|pem|p12|pfx)|id_(rsa|ed25519)|\.git|\.hookline)(\/|$)/;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-published-'));
  const needed = ['bin/hookline.js', 'dist/cli.js', 'docs/README.md', 'examples/shop/flow.json', 'migrations/0000_first.sql', 'ops/alerts.yml']; // prettier-ignore
  for (const file of [...OWN, ...needed, 'CHANGELOG.md', 'SECURITY.md']) {
    await mkdir(join(folder, dirname(file)), { recursive: true });
    await writeFile(join(folder, file), 'x');
  }
  await writeFile(join(folder, 'package.json'), await readFile(new URL('package.json', root)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The files of a folder, by their paths below it. */
async function filesOf(place: string): Promise<string[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name).slice(place.length + 1));
}

/** Whether `.dockerignore` keeps a file out: the last pattern that names it, or a folder around it, counts. */
async function ignoring(): Promise<(path: string) => boolean> {
  const lines = (await readFile(new URL('.dockerignore', root), 'utf8')).split('\n').map((line) => line.trim());
  const patterns = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const glob = line.replace(/^!/, '').replace(/^\/|\/$/g, '');
      const source = glob
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*\*\/|\*\*|\*|\?/g, (token) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' })[token] ?? '[^/]');
      return { excludes: !line.startsWith('!'), names: new RegExp(`^${source}(?:/|$)`) };
    });
  return (path) => patterns.findLast(({ names }) => names.test(path))?.excludes ?? false;
}

describe('what leaves this machine', () => {
  it('the image has no setting, key or history of the machine that builds it', async () => {
    const isIgnored = await ignoring();
    const copied = (await filesOf(folder)).filter((path) => !isIgnored(path));
    expect(copied.filter((path) => PRIVATE.test(path) || OWN.includes(path))).toEqual([]);
    expect(copied).toEqual(expect.arrayContaining(['bin/hookline.js', 'package.json', 'examples/shop/flow.json']));
  });

  it('the npm package has none of them either', async () => {
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'], { cwd: folder }); // prettier-ignore
    const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
    const paths = packed?.files.map(({ path }) => path) ?? [];
    expect(paths.filter((path) => PRIVATE.test(path) || OWN.includes(path))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(['bin/hookline.js', 'dist/cli.js', 'docs/README.md', 'examples/shop/flow.json'])); // prettier-ignore
  });
});
