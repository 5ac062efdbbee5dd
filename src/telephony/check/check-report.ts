/**
 * What the kit found out about a bridge.
 * @module
 */
import { Broken, NotChecked } from './claims.js';
import type { Rule } from './rule.js';

/** One rule, and whether the bridge keeps it. */
export interface RuleReport extends Pick<Rule, 'id' | 'title' | 'section'> {
  verdict: 'kept' | 'broken' | 'notChecked';
  /** Of a broken rule: what a bridge that keeps it does, and what this one did. */
  expected?: string;
  came?: string;
  /** Of one that was not checked. */
  why?: string;
}

/** All rules, and how many of each verdict. */
export interface BridgeReport {
  kept: number;
  broken: number;
  notChecked: number;
  rules: RuleReport[];
}

/**
 * What a check showed: `fault` is what it threw, undefined when the rule is kept.
 * A fault of the kit itself is thrown on.
 */
export function reportOf({ id, title, section }: Rule, fault: unknown): RuleReport {
  const rule = { id, title, section };
  if (fault === undefined) return { ...rule, verdict: 'kept' };
  if (fault instanceof NotChecked) return { ...rule, verdict: 'notChecked', why: fault.message };
  if (fault instanceof Broken) return { ...rule, verdict: 'broken', expected: fault.expected, came: fault.came };
  throw fault instanceof Error ? fault : new Error('A check threw what is no error.', { cause: fault });
}

/** Counts the verdicts. */
export function summed(rules: RuleReport[]): BridgeReport {
  const count = (verdict: RuleReport['verdict']) => rules.filter((rule) => rule.verdict === verdict).length;
  return { kept: count('kept'), broken: count('broken'), notChecked: count('notChecked'), rules };
}
