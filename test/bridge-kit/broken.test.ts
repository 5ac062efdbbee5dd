import { beforeAll, describe, expect, it } from 'vitest';
import { SIMULATED_NUMBERS } from '../../src/telephony/check/far-ends.js';
import type { RuleReport } from '../../src/telephony/check/check-report.js';
import { RULE_IDS } from '../../src/telephony/check/rules/index.js';
import { checkBridge } from '../../src/telephony/check/run-check.js';
import { BROKEN_BRIDGES, type BrokenBridge } from './broken-bridges.js';
import { directBridge } from './direct.js';

const found = new Map<BrokenBridge, RuleReport | undefined>();

beforeAll(async () => {
  // All at once: they spend their time waiting.
  const check = async (bridge: BrokenBridge) => {
    const report = await checkBridge(directBridge(bridge.make), { numbers: SIMULATED_NUMBERS, only: [bridge.rule] });
    found.set(bridge, report.rules[0]);
  };
  await Promise.all(BROKEN_BRIDGES.map(check));
});

describe('a bridge that breaks a rule is found out', () => {
  it.each(BROKEN_BRIDGES)('$rule: one that $how', (bridge) => {
    expect(found.get(bridge)).toMatchObject({ id: bridge.rule, verdict: 'broken' });
    expect(found.get(bridge)?.expected).not.toBe('');
    expect(found.get(bridge)?.came).not.toBe('');
  });

  it('there is one for each rule', () => {
    expect([...new Set(BROKEN_BRIDGES.map(({ rule }) => rule))].sort()).toEqual([...RULE_IDS].sort());
  });
});
