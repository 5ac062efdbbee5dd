import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { validateFlowTest } from '../../src/flow/validation/flow-test.js';

const page = await readFile(new URL('../../docs/reference/testing.md', import.meta.url), 'utf8');
const section = (heading: string) => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';

describe('docs/reference/testing.md', () => {
  it('has an example that is valid', () => {
    const example: unknown = JSON.parse(/```json\n([^]*?)```/.exec(section('A test'))?.[1] ?? '');
    expect(validateFlowTest(example).errors).toEqual([]);
  });
});
