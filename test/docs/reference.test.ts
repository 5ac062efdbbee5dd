import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  CALL_ERRORS,
  DOCUMENT_ERRORS,
  DOCUMENT_WARNINGS,
  SYSTEM_ERRORS,
  WEBHOOK_REASONS,
} from '../../src/flow/errors.js';
import { webhook } from '../../src/flow/widgets/webhook.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, root), 'utf8');

/** The rows of the table below a heading: cells as text, without backquotes. */
function rows(page: string, heading: string): string[][] {
  const section = page.split(`\n## ${heading}`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  const cells = lines.map((line) => line.slice(2, -2).split(/ (?<!\\)\| /));
  return cells.slice(1).map((row) => row.map((cell) => cell.trim()));
}
const plain = (text: string | undefined) => (text ?? '').replace(/^`(.*)`$/, '$1');

describe('docs/reference/errors.md', () => {
  it.each([
    ['Faults in documents', DOCUMENT_ERRORS],
    ['Warnings of validation', DOCUMENT_WARNINGS],
    ['Reasons of a webhook', WEBHOOK_REASONS],
    ['Why a call failed', CALL_ERRORS],
    ['Around calls', SYSTEM_ERRORS],
  ])('%s: the table is the catalogue, code by code and word by word', async (heading, catalogue) => {
    const table = rows(await read('docs/reference/errors.md'), heading);
    expect(Object.fromEntries(table)).toEqual(catalogue);
  });
});

interface Schema {
  properties?: Record<string, Schema>;
  required?: string[];
  default?: unknown;
  oneOf?: unknown[];
}

/** Every field with its default as the docs write it; variants (auth, body, response) are described in their own row. */
function fields(schema: Schema, path = ''): [string, string][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]): [string, string][] => {
    const missing = schema.required?.includes(name) ? 'required' : '–';
    const shown = field.default === undefined ? missing : JSON.stringify(field.default);
    const deeper = name === 'lines' ? [] : fields(field, `${path}${name}.`);
    return [[`${path}${name}`, shown], ...deeper];
  });
}

describe('docs/reference/webhook.md', () => {
  it('the table of fields has every field of the schema with its default, and no other', async () => {
    const table = rows(await read('docs/reference/webhook.md'), 'Fields').map(([field, value]) => [
      plain(field),
      plain(value),
    ]);
    const schema = z.toJSONSchema(webhook, { io: 'input', unrepresentable: 'any' }) as Schema;
    expect(table).toEqual(fields(schema));
  });

  it('the table of reasons is the catalogue', async () => {
    expect(Object.fromEntries(rows(await read('docs/reference/webhook.md'), 'Reasons'))).toEqual(WEBHOOK_REASONS);
  });
});

describe('docs/reference/settings.md', () => {
  it('lists every environment variable that the code reads, and no other', async () => {
    const listed =
      (await read('docs/reference/settings.md')).match(/^\| `[A-Z_]+`/gm)?.map((cell) => cell.slice(3, -1)) ?? [];
    const files = (await readdir(new URL('src/', root), { recursive: true })).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
    );
    const used = new Set<string>();
    for (const file of files) {
      for (const [name] of (await read(`src/${file}`)).matchAll(/\b(?:HOOKLINE|TEMPORAL)_[A-Z_]+\b/g)) used.add(name);
    }
    used.delete('TEMPORAL_UNREACHABLE');
    expect(listed.sort()).toEqual([...used].sort());
  });
});

describe('the commands in the docs', () => {
  it('each is a command of the program, and each command is documented', async () => {
    const pages = await Promise.all(['README.md', 'docs/reference/cli.md'].map(read));
    const named = new Set(
      pages.flatMap((page) =>
        [...page.matchAll(/hookline (run|validate|webhook|schema|start|worker|[a-z]+) /g)].map((match) => match[1]),
      ),
    );
    const program = await read('src/cli.ts');
    const known = [...program.matchAll(/(\w+)Command } from/g)].map((match) => match[1]);
    const reference = pages[1] ?? '';
    for (const command of known) expect(reference).toContain(`\`hookline ${command}`);
    expect([...named].filter((name) => !known.includes(name))).toEqual([]);
  });
});
