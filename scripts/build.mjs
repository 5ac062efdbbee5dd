// Builds dist/: compiled sources, the workflow bundle and the JSON Schemas. Run by `npm ci` (prepare) and by setup.mjs.
// With --if-stale it leaves a dist/ of the present sources alone: the first `npx hookline` in a clone runs `prepare`, too,
// perhaps while a stack runs from there.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtStamp, sourceStamp, writeStamp } from './stamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));

if (!existsSync(tsc)) {
  // Installed without development dependencies: the package brings its own dist/.
  process.exit(
    existsSync(new URL('../dist/cli.js', import.meta.url)) ? 0 : fail('typescript is not installed: run npm ci'),
  );
}
const stamp = sourceStamp();
if (process.argv.includes('--if-stale') && builtStamp() === stamp) process.exit(0);
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
run(tsc, '-p', 'tsconfig.build.json');
run('dist/build.js');
writeStamp(stamp);

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) fail(`${args.join(' ')} failed`);
}

function fail(message) {
  console.error(`hookline: build: ${message}`);
  process.exit(1);
}
