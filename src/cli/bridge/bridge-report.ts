/**
 * Prints the report of a bridge check, as lines for people.
 * @module
 */
import type { BridgeReport, RuleReport } from '../../telephony/check/check-report.js';
import { colour } from '../output.js';

/** One rule: a mark, its promise and id; for a broken rule also the expected and the actual result. */
export function ruleLines({ id, title, verdict, expected, came, why }: RuleReport): string[] {
  const name = `${title} ${colour('dim', `[${id}]`)}`;
  if (verdict === 'kept') return [`${colour('green', '✓')} ${name}`];
  if (verdict === 'notChecked') return [`${colour('yellow', '–')} ${name}`, `    not checked: ${why}`];
  return [`${colour('red', '✗')} ${name}`, `    expected ${expected}`, `    came     ${came}`];
}

/** The counts of all rules. */
export function verdictLine({ kept, broken, notChecked }: BridgeReport): string {
  return colour(broken > 0 ? 'red' : 'green', `${kept} kept, ${broken} broken, ${notChecked} not checked`);
}
