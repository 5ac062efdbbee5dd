/**
 * The sources of the product as the tests of the house see them: their names, lengths and imports.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** One file below `src/`, unit tests and declarations left out. Paths are relative to `src/`. */
export interface Source {
  path: string;
  lines: number;
  /** Files of ours that it imports, types included. */
  imports: string[];
}

/** All sources, by path. */
export function sources(): Source[] {
  const paths = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return paths
    .filter((path) => path.endsWith('.ts') && !/\.(test|d)\.ts$/.test(path))
    .sort()
    .map((path) => sourceOf(path, readFileSync(join(root, 'src', path), 'utf8')));
}

function sourceOf(path: string, text: string): Source {
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport\(|^import) ?'(\.[^']+)'/gm)].map(
    ([, specifier = '']) => specifier,
  );
  const imports = specifiers.map((specifier) => normalize(join(dirname(path), specifier)).replace(/\.js$/, '.ts'));
  return { path, lines: text.split('\n').length - 1, imports };
}

/** The folder of a source, as a room is named; '' for entry points. */
export function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === '.' ? '' : relative('.', folder);
}
