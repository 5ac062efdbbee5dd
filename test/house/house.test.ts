import { describe, expect, it } from 'vitest';
import { nameReason, roomReason, sizeReason } from './reasons.js';
import { ROOMS, roomOf } from './rooms.js';
import { folderOf, type Source, sources } from './sources.js';

const all = sources();
const byPath = new Map(all.map((source) => [source.path, source]));
/** Commands start a process by its entry point. */
const ENTRY_POINTS = ['server.ts', 'worker.ts'];

describe('the rooms of src', () => {
  it('every folder belongs to a room', () => {
    const homeless = all.filter(({ path }) => folderOf(path) !== '' && roomOf(folderOf(path)) === undefined);
    expect(homeless.map(({ path }) => path)).toEqual([]);
  });

  it('no import runs up: a room imports only rooms that stand before it', () => {
    const floor = (path: string) => ROOMS.findIndex((room) => room === roomOf(folderOf(path)));
    const upwards = all.flatMap(({ path, imports }) =>
      roomOf(folderOf(path)) === undefined
        ? []
        : imports
            .filter((imported) => byPath.has(imported) && !ENTRY_POINTS.includes(imported))
            .filter((imported) => folderOf(imported) === '' || floor(imported) > floor(path))
            .map((imported) => `${path} -> ${imported}`),
    );
    expect(upwards).toEqual([]);
  });

  it('only commands import entry points', () => {
    const importing = all.filter(({ imports }) => imports.some((imported) => ENTRY_POINTS.includes(imported)));
    expect(importing.map(({ path }) => path)).toEqual(['cli/api.ts', 'cli/worker.ts']);
  });

  it('no circle of imports, types included', () => {
    expect(circles(all)).toEqual([]);
  });

  it('every room has three files to about twenty, or a reason', () => {
    const counts = grouped(({ path }) => folderOf(path));
    const odd = [...counts].filter(
      ([folder, { length }]) => folder !== '' && (length < 3 || length > 22) && !roomReason(folder),
    );
    expect(odd.map(([folder, { length }]) => `${folder}: ${length}`)).toEqual([]);
  });
});

describe('the files of src', () => {
  it('no two files of the same name mean different things', () => {
    const named = grouped(({ path }) => path.split('/').at(-1) ?? '');
    const twice = [...named]
      .map(([name, files]) => ({ name, paths: files.map(({ path }) => path) }))
      .filter(({ name, paths }) => paths.length > 1 && !nameReason(name, paths));
    expect(twice.map(({ paths }) => paths)).toEqual([]);
  });

  it('every file over 250 or under 30 lines has a reason', () => {
    const odd = all.filter(({ lines }) => lines > 250 || lines < 30).filter((source) => !sizeReason(source));
    expect(odd.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });
});

function grouped(by: (source: Source) => string): Map<string, Source[]> {
  const groups = new Map<string, Source[]>();
  for (const source of all) groups.set(by(source), [...(groups.get(by(source)) ?? []), source]);
  return groups;
}

/** Each circle as one path through it. */
function circles(files: readonly Source[]): string[] {
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === 'open') found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (state.has(path)) return;
    state.set(path, 'open');
    for (const imported of byPath.get(path)?.imports ?? []) if (byPath.has(imported)) visit(imported, [...trail, path]);
    state.set(path, 'done');
  };
  for (const { path } of files) visit(path, []);
  return found;
}
