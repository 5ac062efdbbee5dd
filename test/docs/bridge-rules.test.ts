import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FAR_ENDS, SIMULATED_FAR_ENDS, SIMULATED_NUMBERS } from '../../src/telephony/check/far-ends.js';
import { rules } from '../../src/telephony/check/rules/index.js';

const page = await readFile(new URL('../../docs/reference/bridge.md', import.meta.url), 'utf8');

describe('docs/reference/bridge.md, proving a bridge', () => {
  it('each rule is of a section that the page has', () => {
    for (const { section: from } of rules(0)) expect(page).toMatch(new RegExp(`^###? ${from}$`, 'm'));
  });

  it('every far end has a number in the simulator, and no other number is there', () => {
    const { from, ...farEnds } = SIMULATED_NUMBERS;
    expect(Object.keys(farEnds).sort()).toEqual(Object.keys(FAR_ENDS).sort());
    expect(Object.keys(SIMULATED_FAR_ENDS.legs).sort()).toEqual(Object.values(farEnds).sort());
    expect(Object.values(farEnds)).not.toContain(from);
  });
});
