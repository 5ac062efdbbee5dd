import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { hours } from '../../src/flow/documents/account.js';
import { DIVISION_DECIMALS, MAX_DIGITS } from '../../src/flow/operation/numbers.js';
import { INPUT_TOKENS, OUTPUT_TOKENS } from '../../src/flow/time/formats.js';
import { validateFlow } from '../../src/flow/validation/validate.js';
import { operation } from '../../src/flow/widgets/operation.js';

const page = await readFile(new URL('../../docs/reference/flow.md', import.meta.url), 'utf8');
const section = (heading: string) => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
const example = (heading: string): unknown =>
  JSON.parse(/```json\n([^]*?)```/.exec(section(heading))?.[1] ?? 'null') as unknown;
const code = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
/** The rows of the section's table of so many columns, below its heading. */
const rows = (columns: number) =>
  section('Operations')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '))
    .filter((cells) => cells.length === columns && code(cells[0] ?? '').length > 0);

interface Schema {
  properties: Record<string, Schema & { const?: string }>;
  oneOf: Schema[];
}
const schema = z.toJSONSchema(operation, { io: 'input', unrepresentable: 'any' }) as unknown as Schema;

describe('docs/reference/flow.md: operations and business hours', () => {
  it('lists every operation with its operands in order, and no other', () => {
    const shared = ['do', 'inputFormat', 'timeZone'];
    const expected = (schema.properties.operation?.oneOf ?? []).map(({ properties }) => [
      properties.do?.const,
      ...Object.keys(properties).filter((field) => !shared.includes(field)),
    ]);
    const listed = rows(3)
      .filter(([names = '']) => names !== '`do`')
      .flatMap(([names = '', operands = '']) => code(names).map((name) => [name, ...code(operands)]));
    expect(listed).toEqual(expected);
  });

  it('lists every part of a format, and which of them only write', () => {
    const listed = rows(2).map(([tokens = '', meaning = '']) => ({ tokens: code(tokens), meaning }));
    const reads = listed.filter(({ meaning }) => !meaning.startsWith('only in `format`')).flatMap((row) => row.tokens);
    expect(reads.sort()).toEqual([...INPUT_TOKENS].sort());
    expect(listed.flatMap((row) => row.tokens).sort()).toEqual([...OUTPUT_TOKENS].sort());
  });

  it('names the limits on numbers', () => {
    const text = section('Operations').replaceAll('\n', ' ');
    expect(text).toContain(`rounded to ${DIVISION_DECIMALS} decimals`);
    expect(text).toMatch(new RegExp(`at most +${MAX_DIGITS.toLocaleString('en')} digits`));
  });

  it('has examples that are valid', () => {
    const widgets = { it: { ...(example('Operations') as object), lines: {} } };
    expect(validateFlow({ hookline: 1, id: 'testflow', start: 'it', widgets })).toMatchObject({
      errors: [],
      warnings: [],
    });
    expect(hours.safeParse(example('Business hours'))).toMatchObject({ success: true });
  });
});
