// `npm run node-smoke`: a test of each layer, and the README's first command, on the other versions of Node that Hookline supports.
// npm's package `node` brings them; they stay in `.check/`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const VERSIONS = ['20.19.6', '22.23.3', '24.9.0'];
/** One file of each layer: language, template, store, webhook, call, replay, API, CLI, documents. */
const FILES = [
  ...['src/flow/values/variables.test.ts', 'test/contract/T-templates.test.ts', 'test/store/store.test.ts'],
  ...['test/contract/webhook-request.test.ts', 'test/contract/C-calls.test.ts', 'test/replay/replay.test.ts'],
  ...['test/api/client.test.ts', 'test/e2e/cli.test.ts', 'test/docs/errors.test.ts'],
];
const PROJECTS = ['work', 'calls', 'wait'].flatMap((project) => ['--project', project]);

const missing = FILES.filter((file) => !existsSync(`${root}${file}`));
if (missing.length > 0) throw new Error(`These files of the smoke are not there: ${missing.join(', ')}`);

const wanted = process.argv.length > 2 ? process.argv.slice(2) : VERSIONS;
const failed = wanted.filter((version) => !smoke(version));
console.log(failed.length === 0 ? `passed on Node ${wanted.join(', ')}` : `failed on Node ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);

function smoke(version) {
  const node = install(version);
  console.log(`== Node ${version}`);
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  const run = (...args) => spawnSync(node, args, { cwd: root, env, stdio: 'inherit' }).status === 0;
  return run('node_modules/vitest/vitest.mjs', 'run', ...PROJECTS, ...FILES) && run('dist/demo.js', '--once');
}

/** The program of a version, which npm fetches the first time. */
function install(version) {
  const folder = `${root}.check/node-${version}`;
  const node = `${folder}/node_modules/node/bin/node`;
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `node@${version}`];
  const { status } = spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0 || !existsSync(node)) throw new Error(`node@${version} could not be installed.`);
  return node;
}
