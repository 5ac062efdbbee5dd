import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { subcommands } from '../../scripts/docs/tables/commands.js';
import { forksIn, words } from '../support/glossary.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, root), 'utf8');

const known = await subcommands();

describe('the commands in the docs', () => {
  it('each `hookline ...` that a page names is a subcommand', async () => {
    const pages = (await readdir(new URL('docs/', root), { recursive: true })).filter((file) => file.endsWith('.md'));
    const examples = (await readdir(new URL('examples/', root))).map((name) => `examples/${name}/README.md`);
    for (const page of ['README.md', 'CHANGELOG.md', ...examples, ...pages.map((name) => `docs/${name}`)]) {
      // A command stands in code: after a backquote, at the start of a line, or after npx.
      for (const [, name = ''] of (await read(page)).matchAll(
        /(?:`|^|npx )hookline ((?:webhook|bridge|flows|secret|dids|call|deliveries|endpoints|import) [a-z-]+|[a-z-]+)\b/gm,
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
