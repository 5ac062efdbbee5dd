import { describe, expect, it } from 'vitest';
import { errorTable } from '../../scripts/docs/tables/errors.js';
import * as catalogue from '../../src/flow/errors.js';

describe('docs/reference/errors.md', () => {
  it('has each code of every part of the catalogue once, in its words', () => {
    const parts = Object.values(catalogue).flatMap((one) => (typeof one === 'object' ? Object.entries(one) : []));
    const rows = errorTable().split('\n').slice(2);
    for (const [code, text] of parts)
      expect(
        rows.filter((row) => row.startsWith(`| ${code} |`) && row.endsWith(`| ${text} |`)),
        code,
      ).toHaveLength(1);
    expect(rows).toHaveLength(parts.length);
  });
});
