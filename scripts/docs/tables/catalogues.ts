/**
 * Small catalogues: response codes of the outbound API, internal functions, the rules of bridges and their far ends.
 * @module
 */
import { INTERNAL_FUNCTIONS } from '../../../src/flow/internal-functions.js';
import { OUTBOUND_CODES } from '../../../src/outbound/codes.js';
import { FAR_ENDS, type FarEnd, SIMULATED_NUMBERS } from '../../../src/telephony/check/far-ends.js';
import { rules } from '../../../src/telephony/check/rules/index.js';
import { code, codes, table } from '../table.js';

/** What the outbound API answers. */
export function outboundCodes(): string {
  return table(
    ['code', 'name', 'message'],
    Object.entries(OUTBOUND_CODES).map(([number, texts]) => [number, ...texts]),
  );
}

/** What each internal function reads and writes. */
export function functionTable(): string {
  const rows = Object.entries(INTERNAL_FUNCTIONS).map(([method, { inputs, outputs }]) => [code(method), codes(Object.keys(inputs)), codes(outputs) || '–']); // prettier-ignore
  return table(['method', 'reads', 'writes'], rows);
}

/** Every rule that a bridge is checked for, with the section of the page that says it. */
export function ruleTable(): string {
  const anchor = (heading: string) => `[${heading}](#${heading.toLowerCase().replaceAll(' ', '-')})`;
  const rows = rules(0).map(({ id, title, section, needs }) => [code(id), title, anchor(section), codes(needs)]);
  return table(['rule', 'what a bridge promises', 'from', 'calls'], rows);
}

/** The far ends that the rules call. */
export function farEndTable(): string {
  const rows = Object.entries(FAR_ENDS).map(([name, what]) => [code(name), SIMULATED_NUMBERS[name as FarEnd], what]);
  return table(['far end', 'in the simulator', 'what it does'], rows);
}
