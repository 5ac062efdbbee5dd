// Makes a fresh clone ready: installs what the lockfile names and builds, each only when it is not done yet.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtStamp, sourceStamp } from './stamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19))
  fail(`Node ${process.versions.node} is too old: Hookline needs 20.19 or newer.`);
if (!isInstalled()) step('installing dependencies (npm ci)', 'npm', ['ci']);
if (builtStamp() !== sourceStamp()) step('building (npm run build)', process.execPath, ['scripts/build.mjs']);

/** npm writes this file last, so it is there and newer than the lockfile only after a whole install. */
function isInstalled() {
  const [lock, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map(
    (name) => new URL(`../${name}`, import.meta.url),
  );
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

function step(what, command, args) {
  console.error(`hookline: ${what} ...`);
  const start = Date.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail(`${what} failed: see above.`);
  console.error(`hookline: ${what} done in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

function fail(message) {
  console.error(`hookline: ${message}`);
  process.exit(1);
}
