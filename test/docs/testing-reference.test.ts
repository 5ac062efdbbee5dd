import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { flowTest } from '../../src/flow/flow-test.js';
import { validateFlowTest } from '../../src/flow/validation/flow-test.js';

const page = await readFile(new URL('../../docs/reference/testing.md', import.meta.url), 'utf8');
const section = (heading: string) => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
const rows = (heading: string) =>
  [...section(heading).matchAll(/^\| `(\w+)` \| (\S+) \|/gm)].map(([, name, value = '']) => [
    name,
    value.replaceAll('`', ''),
  ]);

interface Schema {
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  default?: unknown;
  additionalProperties?: Schema;
}
const schema = z.toJSONSchema(flowTest, { io: 'input', unrepresentable: 'any' }) as Schema;
const fieldsOf = ({ properties = {} }: Schema = {}) =>
  Object.entries(properties).map(([name, field]) => [
    name,
    field.default === undefined ? '–' : JSON.stringify(field.default),
  ]);

describe('docs/reference/testing.md', () => {
  it('lists every field of a test with its default, and no other', () => {
    expect(rows('Fields')).toEqual(fieldsOf(schema));
  });

  it('lists every field of an answer and of what is expected, and no other', () => {
    const answers = schema.properties?.answers?.additionalProperties?.anyOf?.[0];
    expect(rows('Answers')).toEqual(fieldsOf(answers));
    expect(rows('Expectations')).toEqual(fieldsOf(schema.properties?.expect));
  });

  it('has an example that is valid', () => {
    const example = JSON.parse(/```json\n([^]*?)```/.exec(page)?.[1] ?? 'null') as unknown;
    expect(validateFlowTest(example).errors).toEqual([]);
  });
});
