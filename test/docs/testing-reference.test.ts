import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { flowTest } from '../../src/flow/documents/flow-test.js';
import { validateFlowTest } from '../../src/flow/validation/flow-test.js';

const page = await readFile(new URL('../../docs/reference/testing.md', import.meta.url), 'utf8');
const section = (heading: string) => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
/** Name and default of the rows of each table of a section whose first cells are code. */
const tables = (heading: string) =>
  section(heading)
    .split(/\n\n+/)
    .map((block) => block.trim())
    .filter((block) => block.startsWith('| field |'))
    .map((block) => [...block.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].map(([, name, value]) => [name, value?.replaceAll('`', '')])); // prettier-ignore

interface Schema {
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  required?: string[];
  default?: unknown;
  anyOf?: Schema[];
}
const schema = z.toJSONSchema(flowTest, { io: 'input', unrepresentable: 'any' }) as Schema;
const fieldsOf = ({ properties = {} }: Schema = {}) =>
  Object.entries(properties).map(([name, field]) => [name, field.default === undefined ? '–' : JSON.stringify(field.default)]); // prettier-ignore

describe('docs/reference/testing.md', () => {
  it('lists every field of a test with its default, and no other', () => {
    expect(tables('Fields')).toEqual([fieldsOf(schema)]);
  });

  it('lists every field of an answer with its default, and no other', () => {
    expect(tables('Answers')).toEqual([fieldsOf(schema.properties?.answers?.additionalProperties?.anyOf?.[0])]);
  });

  it('lists every expectation, and every field of a request, and no other', () => {
    const expected = schema.properties?.expect;
    const request = expected?.properties?.requests?.additionalProperties?.anyOf?.[0];
    expect(tables('Expectations')).toEqual([fieldsOf(expected), fieldsOf(request)]);
  });

  it('has an example that is valid', () => {
    const example: unknown = JSON.parse(/```json\n([^]*?)```/.exec(section('A test'))?.[1] ?? '');
    expect(validateFlowTest(example).errors).toEqual([]);
  });
});
