/**
 * The folder map of `docs/architecture.md`: each folder of `src/` in the words of its README.
 * @module
 */
import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ROOMS, roomOf } from '../../../test/house/rooms.js';
import { table } from '../table.js';

const source = new URL('../../../src/', import.meta.url);

/**
 * Every folder: rooms from the foundation up, and below each its own folders.
 * @throws {Error} A folder has no README.
 */
export async function roomTable(): Promise<string> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(fileURLToPath(source).length).replace(/^\//, ''));
  const floor = (folder: string) => ROOMS.findIndex((room) => room === roomOf(folder));
  const sorted = folders.sort((one, other) => floor(one) - floor(other) || one.localeCompare(other, 'en'));
  const rows = sorted.map(async (folder) => [`[\`${folder}/\`](../src/${folder}/)`, await firstParagraph(folder)]);
  return table(['folder', 'what lives there'], await Promise.all(rows));
}

async function firstParagraph(folder: string): Promise<string> {
  const text = await readFile(new URL(`${folder}/README.md`, source), 'utf8');
  const [heading, paragraph = ''] = text.split(/\n\n+/);
  if (heading !== `# ${folder}`) throw new Error(`src/${folder}/README.md begins with "# ${folder}"`);
  return paragraph.trim().replaceAll('\n', ' ');
}
