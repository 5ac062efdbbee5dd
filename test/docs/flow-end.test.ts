import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { flowEnd } from '../../src/flow/documents/flow-end.js';

const page = await readFile(new URL('../../docs/reference/flow-end.md', import.meta.url), 'utf8');
const payload = page.split('\n## The payload\n')[1]?.split('\n## ')[0] ?? '';

it('E3: the examples of docs/reference/flow-end.md are payloads, with no field that the schema does not have', () => {
  const examples = [...payload.matchAll(/```json\n([^]*?)```/g)].map(([, text = '']) => JSON.parse(text) as unknown);
  expect(examples).toHaveLength(2);
  for (const example of examples) expect(flowEnd.parse(example)).toEqual(example);
});
