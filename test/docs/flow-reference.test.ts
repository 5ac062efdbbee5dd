import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { CALL_FACTS } from '../../src/flow/values/reference.js';
import { validateAccount, validateCaller, validateFlow } from '../../src/flow/validation/validate.js';
import {
  MAX_TOTAL_BYTES,
  MAX_TOTAL_JSON_BYTES,
  MAX_VALUE_BYTES,
  MAX_VARIABLES,
} from '../../src/flow/values/variables.js';

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

describe('docs/reference/flow.md', () => {
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
    const listed = [...section('Variables').matchAll(/`\$call\.([a-z][a-zA-Z.]*)`/g)].map(([, fact]) => fact);
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
