import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FAR_ENDS, SIMULATED_FAR_ENDS, SIMULATED_NUMBERS, type FarEnd } from '../../src/telephony/check/far-ends.js';
import { rules } from '../../src/telephony/check/rules/index.js';

const page = await readFile(new URL('../../docs/reference/bridge.md', import.meta.url), 'utf8');
const section = page.split('\n## Proving a bridge\n')[1]?.split('\n## ')[0] ?? '';
const rows = [...section.matchAll(/^\|( `.+)\|$/gm)].map(([, row = '']) => row.split('|').map((cell) => cell.trim()));
const anchor = (heading: string) => `[${heading}](#${heading.toLowerCase().replaceAll(' ', '-')})`;
const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

describe('docs/reference/bridge.md, proving a bridge', () => {
  it('lists every rule with its promise, section and far ends, and no other', () => {
    const known = rules(0).map(({ id, title, section: from, needs }) => [quoted([id]), title, anchor(from), quoted(needs)]); // prettier-ignore
    expect(rows.filter((row) => row.length === 4)).toEqual(known);
  });

  it('each rule is of a section that the page has', () => {
    for (const { section: from } of rules(0)) expect(page).toContain(`\n## ${from}\n`);
  });

  it('lists every far end with its number in the simulator, and no other', () => {
    const known = Object.entries(FAR_ENDS).map(([name, what]) => [quoted([name]), SIMULATED_NUMBERS[name as FarEnd], what]); // prettier-ignore
    expect(rows.filter((row) => row.length === 3)).toEqual(known);
    const numbers = known.map(([, number]) => number).sort();
    expect(Object.keys(SIMULATED_FAR_ENDS.legs).sort()).toEqual(numbers);
  });
});
