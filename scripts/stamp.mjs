// Tells whether dist/ is of the present sources.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'dist/.stamp');

/** A hash of everything that the build reads. */
export function sourceStamp() {
  const hash = createHash('sha256');
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(test\.ts|md)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of [
    ...sources,
    ...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'].map((name) => join(root, name)),
  ].sort()) {
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

/** The stamp of what is built, empty when nothing is. */
export function builtStamp() {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Notes what dist/ was built from. */
export function writeStamp(stamp) {
  writeFileSync(file, stamp);
}
