import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Command } from 'commander';
import { COMMANDS } from '../../src/cli/commands.js';
import { forksIn, words } from '../support/glossary.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, root), 'utf8');

/** Every subcommand, by its full name; a group such as `webhook` only by its members. */
async function commands(): Promise<Map<string, Command>> {
  const found = new Map<string, Command>();
  const add = (command: Command, before = '') => {
    const name = `${before}${command.name()}`;
    if (command.commands.length === 0) found.set(name, command);
    for (const inner of command.commands) add(inner, `${name} `);
  };
  for (const load of Object.values(COMMANDS)) add(await load());
  return found;
}

const known = await commands();
const reference = await read('docs/reference/cli.md');
/** The row of docs/reference/cli.md for each command, by its full name. */
const documented = new Map(
  [...reference.matchAll(/^\| `hookline ([a-z]+(?:[ -][a-z]+)*)[^`]*` \|.*$/gm)].map(([row, name = '']) => [name, row]),
);

describe('the commands in the docs', () => {
  it('each subcommand is documented in docs/reference/cli.md, and no other is', () => {
    expect(known.size).toBeGreaterThan(4);
    expect([...documented.keys()].sort()).toEqual([...known.keys()].sort());
  });

  it('each option of each subcommand is documented in its row, and no other is', () => {
    for (const [name, command] of known) {
      const options = command.options.map(({ long }) => long).sort();
      const listed = [...(documented.get(name) ?? '').matchAll(/--[a-z-]+/g)].map(([option]) => option);
      expect({ [name]: [...new Set(listed)].sort() }).toEqual({ [name]: options });
    }
  });

  it('each `hookline ...` that a page names is a subcommand', async () => {
    const pages = (await readdir(new URL('docs/', root), { recursive: true })).filter((file) => file.endsWith('.md'));
    const examples = (await readdir(new URL('examples/', root))).map((name) => `examples/${name}/README.md`);
    for (const page of ['README.md', 'CHANGELOG.md', ...examples, ...pages.map((name) => `docs/${name}`)]) {
      // A command stands in code: after a backquote, at the start of a line, or after npx.
      for (const [, name = ''] of (await read(page)).matchAll(
        /(?:`|^|npx )hookline ((?:webhook|bridge|flows|call|deliveries|endpoints) [a-z]+|[a-z-]+)\b/gm,
      )) {
        expect([...known.keys()], `${page} names "hookline ${name}"`).toContain(name);
      }
    }
  });

  it('the help of no command has a word that docs/glossary.md forbids', () => {
    for (const [name, command] of known) {
      let help = '';
      command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
      expect({ [name]: forksIn(help.replace(/\s+/g, ' '), words) }).toEqual({ [name]: [] });
    }
  });

  it('README.md and docs/README.md lead to the page that lists every subcommand', async () => {
    expect(await read('README.md')).toContain('(docs/reference/cli.md)');
    expect(await read('docs/README.md')).toContain('(reference/cli.md)');
  });
});
