import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { account } from '../../src/flow/documents/account.js';
import { caller } from '../../src/flow/documents/caller.js';
import { flow } from '../../src/flow/documents/flow.js';
import { lineNames } from '../../src/flow/lines.js';
import { CALL_FACTS } from '../../src/flow/values/reference.js';
import { validateAccount, validateCaller, validateFlow } from '../../src/flow/validation/validate.js';
import {
  MAX_TOTAL_BYTES,
  MAX_TOTAL_JSON_BYTES,
  MAX_VALUE_BYTES,
  MAX_VARIABLES,
} from '../../src/flow/values/variables.js';
import { type Widget, widget as widgetSchema } from '../../src/flow/widgets/index.js';

const page = await readFile(new URL('../../docs/reference/flow.md', import.meta.url), 'utf8');
const section = (heading: string) => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
const example = (heading: string) =>
  JSON.parse(/```json\n([^]*?)```/.exec(section(heading))?.[1] ?? 'null') as Record<string, unknown>;
/** The first cells of each row of a section's tables whose first cells hold code. */
const rows = (heading: string) =>
  section(heading)
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`'))
    .map((line) => line.slice(2, -2).split(' | ').map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'))); // prettier-ignore

interface Schema {
  properties?: Record<string, Schema>;
  required?: string[];
  default?: unknown;
  const?: unknown;
  oneOf?: Schema[];
}
const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
const fieldsOf = ({ properties = {}, required = [] }: Schema) =>
  Object.entries(properties).map(([name, field]) => {
    const missing = required.includes(name) ? 'required' : '–';
    return [name, field.default === undefined ? missing : JSON.stringify(field.default)];
  });

describe('docs/reference/flow.md', () => {
  it.each([
    ['Flow', flow],
    ['Account', account],
    ['Caller file', caller],
  ])('%s: lists every field of the schema with its default, and no other', (heading, schema) => {
    const listed = rows(heading).filter(([, value]) => /^("|\[|\{|required|–|true|false|null|\d)/.test(value ?? ''));
    expect(listed.map((row) => row.slice(0, 2))).toEqual(fieldsOf(schemaOf(schema)));
  });

  it('lists every field of every widget but the webhook with its default, and no other', () => {
    const common = ['type', 'name', 'notes', 'lines'];
    const expected = (schemaOf(widgetSchema).oneOf ?? []).flatMap((one) => {
      const type = String(one.properties?.type?.const);
      if (type === 'webhook') return [];
      const own = fieldsOf(one).filter(([name]) => !common.includes(name ?? ''));
      return own.length === 0 ? [[type, '–', '–']] : own.map((field) => [type, ...field]);
    });
    let type = '';
    const listed = section('Widgets')
      .split('\n')
      .filter((line) => line.startsWith('| ') && line.split(' | ').length === 5)
      .map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
      ) // prettier-ignore
      .map(([first = '', field, value]) => [(type = first === '' ? type : first), field, value]);
    expect(listed.filter(([one]) => one !== 'widget' && one !== 'webhook')).toEqual(expected);
  });

  it('gives the lines of each widget in their order', () => {
    const own = { lines: {}, cases: [], keys: {}, leaveKey: '*', wait: { leaveKey: '*' } };
    for (const [type, , , , lines = ''] of rows('Widgets').filter((row) => row.length === 5)) {
      if (!type || type.startsWith('|')) continue;
      const fixed = lineNames({ ...own, type } as unknown as Widget);
      expect([type, ...[...lines.matchAll(/`?(\w+)`?(?=,|$)/g)].map(([, name]) => name)].slice(-fixed.length)).toEqual(
        fixed.length === 0 ? [type, 'none'] : fixed,
      );
    }
  });

  it('has examples that are valid, without a warning', () => {
    const owner = validateAccount(example('Account'));
    expect(owner).toMatchObject({ errors: [], warnings: [] });
    // `vip` may come with the start of the call.
    const { errors, warnings } = validateFlow(example('Flow'), owner.value);
    expect({ errors, warnings: warnings.map(({ code }) => code) }).toEqual({ errors: [], warnings: ['VARIABLE_NEVER_SET'] }); // prettier-ignore
    expect(validateCaller(example('Caller file'))).toMatchObject({ errors: [] });
  });

  it('shows steps of a caller that a caller file may have', () => {
    const steps = rows('Caller file').flatMap(([cell = '']) => (cell.startsWith('{') ? [JSON.parse(cell) as unknown] : [])); // prettier-ignore
    expect(steps).toHaveLength(6);
    expect(validateCaller({ steps })).toMatchObject({ errors: [] });
  });

  it('lists every fact of a call', () => {
    const listed = [...section('Variables').matchAll(/`\$call\.([a-z.]+)`/g)].map(([, fact]) => fact);
    expect(listed.sort()).toEqual([...CALL_FACTS].sort());
  });

  it('names the limits on variables', () => {
    const limits = rows('Variables').concat(section('Variables').split('\n').map((line) => line.slice(2, -2).split(' | '))); // prettier-ignore
    expect(Object.fromEntries(limits.map(([what, limit]) => [what, limit]))).toMatchObject({
      'variables of a call': MAX_VARIABLES.toLocaleString('en'),
      'a value': `${MAX_VALUE_BYTES / 1024} KiB (UTF-8)`,
      'all values of a call': `${MAX_TOTAL_BYTES / 1024 / 1024} MiB (UTF-8)`,
      'all values of a call as JSON': expect.stringContaining(`${MAX_TOTAL_JSON_BYTES / 1024 / 1024} MiB`) as string,
    });
  });
});
