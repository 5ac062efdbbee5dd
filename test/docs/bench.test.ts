import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { accountOf, jobFlow, phoneFlow } from '../../bench/calls.js';
import { ENGINES } from '../../bench/engines/index.js';
import { benchOptions } from '../../bench/options.js';
import { spread } from '../../bench/statistics.js';
import { validateAccount, validateFlow } from '../../src/flow/validation/validate.js';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const names = ENGINES.map(({ name }) => name);

describe('the bench', () => {
  it('its flows and its account are valid', () => {
    const job = { lookupUrl: 'http://127.0.0.1:1/lookup', flowEndUrl: 'http://127.0.0.1:1/flow-end' };
    const account = validateAccount(accountOf(job));
    expect(account.errors).toEqual([]);
    for (const flow of [jobFlow(job), phoneFlow(job)]) expect(validateFlow(flow, account.value).errors).toEqual([]);
  });

  it('docs/bench.md tells of every engine', async () => {
    const page = await read('docs/bench.md');
    for (const name of names) expect(page).toMatch(new RegExp(`^\\|.*\`${name}\`.*\\|`, 'm'));
  });

  it('refuses an engine that there is not, and says which there are', () => {
    expect(benchOptions(['--engines', 'node,hookline'], names)).toEqual({
      engines: ['node', 'hookline'],
      quick: false,
    });
    expect(() => benchOptions(['--engines', 'nodes'], names)).toThrow(/no nodes; there are node, node-red/);
  });

  it('reads the median and the tail of some times', () => {
    const times = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect(spread(times)).toEqual({ p50: 51, p95: 96, p99: 100, count: 100 });
    expect(spread([])).toEqual({ p50: 0, p95: 0, p99: 0, count: 0 });
  });
});
