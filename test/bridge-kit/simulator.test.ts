import { describe, expect, it } from 'vitest';
import { SIMULATED_NUMBERS } from '../../src/telephony/check/far-ends.js';
import { RULE_IDS } from '../../src/telephony/check/rules/index.js';
import { checkBridge } from '../../src/telephony/check/run-check.js';
import { directBridge } from './direct.js';

describe('the kit that proves a bridge', () => {
  it('B2, B3, B4: the simulator keeps every rule', async () => {
    const report = await checkBridge(directBridge(), { numbers: SIMULATED_NUMBERS, calls: RULE_IDS.length });
    expect(report.rules.filter(({ verdict }) => verdict !== 'kept')).toEqual([]);
    expect(report.rules.map(({ id }) => id)).toEqual(RULE_IDS);
    expect(report).toMatchObject({ kept: RULE_IDS.length, broken: 0, notChecked: 0 });
  });
});
