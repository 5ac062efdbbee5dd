import { readdir, readFile } from 'node:fs/promises';
import { analyse } from 'scslre';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { holds } from '../../src/flow/values/condition.js';
import { Patterns } from '../../src/flow/values/pattern.js';
import { fillHeaders } from '../../src/flow/template/headers.js';
import { computed } from './fuzz.js';

const src = new URL('../../src/', import.meta.url);

/** Expressions that may take more than linear time, with why nobody can make them. */
const BOUNDED: Record<string, string> = {
  'api/api-settings.ts /\\/+$/': 'a setting of the operator',
  'temporal/worker-settings.ts /\\/+$/': 'a setting of the operator',
  'cli/flows/flows-where.ts /\\/+$/': 'a setting of the person who runs the command',
  'client/account-client.ts /\\/+$/': "an option of the client's user",
  'client/bridge-client.ts /\\/+$/': "an option of the client's user",
  'client/delivery-client.ts /\\/+$/': "an option of the client's user",
  'client/secret-client.ts /\\/+$/': "an option of the client's user",
  'client/did-client.ts /\\/+$/': "an option of the client's user",
  'cli/import/liquid.ts /\\{%-?\\s*([^%]*?)\\s*-?%\\}/g': 'a file of the user who imports it',
  'cli/import/liquid.ts /\\{\\{-?\\s*([^}]*?)\\s*-?\\}\\}/g': 'a file of the user who imports it',
  'flow/documents/ip-address.ts /%.*$/': 'addresses, of 253 characters',
  'flow/mapping/json-path-library.ts /\\\\[^]|\\[(?:\\\\[^]|[^\\]\\\\])*\\]|\\./g': 'within the 3 s of a mapping',
  "flow/mapping/json-path.ts /\\s*\\('[^]*':\\d+\\)$/": 'messages on paths, of 2,000 characters',
  'flow/mapping/xpath.ts /([A-Za-z_][\\w.:-]*)\\s*\\(/g': 'paths, of 2,000 characters',
  'flow/template/ssml.ts /<!--[^]*?(?:-->|$)|<[^>]*(?:>|$)/g':
    'whatever is left belongs to what is never closed, so that it never looks again',
  'flow/template/url.ts /^([a-z]+:\\/\\/[^/?#]*)([^]*)$/i':
    'its last part takes whatever is left, so that it never looks again',
  'flow/values/pattern.ts /\\\\.|\\[\\^?\\]?(?:\\\\.|[^\\]\\\\])*\\]|\\{(\\d+)(?:,(\\d*))?\\}|./gs':
    'patterns, of 5,000 characters',
};

/** Every regular expression that stands in a file. */
async function literalsOf(file: string): Promise<string[]> {
  const source = ts.createSourceFile(file, await readFile(new URL(file, src), 'utf8'), ts.ScriptTarget.Latest);
  const found: string[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
    ts.forEachChild(node, walk);
  };
  walk(source);
  return found;
}

function isSlow(literal: string): boolean {
  const [, source = '', flags = ''] = /^\/(.*)\/(\w*)$/s.exec(literal) ?? [];
  const reportTypes = { Trade: true, Self: true, Move: true };
  return analyse({ source, flags }, { reportTypes, maxReports: 1 }).reports.length > 0;
}

describe('our own regular expressions', () => {
  it('take linear time, but for those of which the text is short', async () => {
    const files = (await readdir(src, { recursive: true })).filter((name) => /(?<!\.test)\.ts$/.test(name));
    const slow: string[] = [];
    let seen = 0;
    for (const file of files)
      for (const literal of await literalsOf(file)) {
        seen += 1;
        if (isSlow(literal)) slow.push(`${file} ${literal}`);
      }
    expect(seen).toBeGreaterThan(100);
    expect(slow.sort()).toEqual(Object.keys(BOUNDED).sort());
  }, 120_000);

  it('a number of 64 KiB that is none is compared in a moment', () => {
    const less = { left: `${'9'.repeat(65_000)}x`, op: 'less', right: '1' } as const;
    expect(computed(() => holds(less, () => undefined, new Patterns()))).toBe(false);
  });

  it('a header of 64 KiB of blanks is trimmed in a moment', () => {
    const rows = [{ key: 'X-A', value: '$flow.key.a', mandatory: true }];
    const value = `  x${' '.repeat(65_000)}x \t `;
    expect(computed(() => fillHeaders(rows, () => value))).toEqual([['X-A', value.trim()]]);
  });
});
