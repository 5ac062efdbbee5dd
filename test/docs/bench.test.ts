import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { accountOf, ivrFlow, jobFlow, phoneFlow } from '../../bench/calls.js';
import { ENGINES } from '../../bench/engines/index.js';
import { lastingFlows } from '../../bench/measures/waiting.js';
import { benchOptions } from '../../bench/options.js';
import { reportOf } from '../../bench/report.js';
import { PARTS, type Results } from '../../bench/results.js';
import { needsOf } from '../../bench/scale/needs.js';
import { shardsFor, waitForShard } from '../../bench/scale/shards.js';
import { spread } from '../../bench/statistics.js';
import { validateAccount, validateFlow } from '../../src/flow/validation/validate.js';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const names = ENGINES.map(({ name }) => name);

describe('the bench', () => {
  it('its flows and its account are valid', () => {
    const job = { lookupUrl: 'http://127.0.0.1:1/lookup', flowEndUrl: 'http://127.0.0.1:1/flow-end' };
    const account = validateAccount(accountOf(job));
    expect(account.errors).toEqual([]);
    for (const flow of [jobFlow(job), phoneFlow(job), ivrFlow(job), ...lastingFlows()])
      expect(validateFlow(flow, account.value).errors).toEqual([]);
  });

  it('docs/bench.md tells of every engine', async () => {
    const page = await read('docs/bench.md');
    for (const name of names) expect(page).toMatch(new RegExp(`^\\|.*\`${name}\`.*\\|`, 'm'));
  });

  it('refuses a part or an engine that there is not, and says which there are', () => {
    expect(benchOptions(['--engines', 'node,hookline', '--parts', 'ivr,phone'], names)).toEqual({
      ...{ parts: ['phone', 'ivr'], engines: ['node', 'hookline'], quick: false },
    });
    expect(benchOptions(['--quick'], names).parts).not.toContain('job');
    expect(() => benchOptions(['--parts', 'phones'], names)).toThrow(/no phones; there are job, phone/);
    expect(() => benchOptions(['--engines', 'nodes'], names)).toThrow(/no nodes; there are node, node-red/);
  });

  it('bench/RESULTS.md is what bench/results.json gives, and has every engine', async () => {
    const results = JSON.parse(await read('bench/results.json')) as Results;
    await expect(reportOf(results)).toMatchFileSnapshot('../../bench/RESULTS.md');
    for (const name of names) expect(results.job).toHaveProperty(name);
    for (const part of [results.phone, results.postgresql])
      for (const name of ['floor', 'hookline']) expect(part[name]).toHaveProperty('single');
  });

  it('gives one date for what one run measured, and a line for each run else', async () => {
    const results = JSON.parse(await read('bench/results.json')) as Results;
    const run = {
      date: '2030-01-02T03:04:05.000Z',
      machine: { cpu: 'a', cores: 2, memoryGiB: 4, system: 'b' },
      quick: true,
    };
    const all = Object.fromEntries(PARTS.map((part) => [part, run]));
    expect(reportOf({ ...results, runs: all })).toContain(
      '2030-01-02; 2 cores (a), 4 GiB, b; a quick run. All in one run.',
    );
    const page = reportOf({
      ...results,
      runs: { ...all, phone: { ...run, date: '2030-01-03T03:04:05.000Z', quick: false } },
    });
    expect(page).toMatch(/^- job, ivr, .*: 2030-01-02; .*; a quick run$/m);
    expect(page).toMatch(/^- phone: 2030-01-03; 2 cores \(a\), 4 GiB, b$/m);
  });

  it('reckons more of everything for more calls, and always two workers', async () => {
    const results = JSON.parse(await read('bench/results.json')) as Results;
    const [few, more] = [1, 100].map((pace) => needsOf(results, pace));
    expect(few?.workers).toBe(2);
    expect(more?.workers).toBeGreaterThan(2);
    expect(more?.shards).toBeGreaterThan(few?.shards ?? 0);
    expect(more?.requests).toBeGreaterThan(90 * (few?.requests ?? Infinity));
    for (const steps of [0, 1])
      expect(needsOf({ ...results, waiting: results.waiting.slice(0, steps) }, 10)).toBeNull();
  });

  it('simulates shards: none waits on an idle one, and one with more than it can do never ends', () => {
    const load = { perSecond: 10, writesPerCall: 7, writeMs: 10, callSeconds: 60 };
    expect(waitForShard(4096, load)).toBe(0);
    expect(waitForShard(1, { ...load, perSecond: 20 })).toBe(Infinity);
    // An M/D/1 queue at 70 % waits 11.7 ms in the mean, so 99 of 100 wait some times that.
    expect(waitForShard(1, load)).toBeGreaterThan(20);
    expect(shardsFor(load, 20).shards).toBeGreaterThan(1);
  });

  it('reads the median and the tail of some times', () => {
    const times = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect(spread(times)).toEqual({ p50: 51, p95: 96, p99: 100, count: 100 });
    expect(spread([])).toEqual({ p50: 0, p95: 0, p99: 0, count: 0 });
  });
});
