/**
 * `npm run docs`: writes the tables of the pages from schemas and catalogues. With `--check` it writes nothing, names the
 * pages that are stale, and exits with 1 when there are any.
 * @module
 */
import { writeFile } from 'node:fs/promises';
import { stalePages } from './pages.js';

const check = process.argv.includes('--check');
const stale = await stalePages();
for (const { path, text } of stale) {
  if (!check) await writeFile(path, text);
  console.log(`${check ? 'stale' : 'written'}: ${path}`);
}
if (check && stale.length > 0) process.exitCode = 1;
