import { describe, expect, it } from 'vitest';
import { flowTest } from '../flow/documents/flow-test.js';
import type { BenchCall } from './bench.js';
import { runTests } from './run-tests.js';
import type { TestCase, TestResult } from './test-case.js';

const report = { call: 'c', outcome: 'completed', path: [], variables: {}, persisted: {}, flowEnd: null, error: null };
const ended = {
  seen: { report, prompts: [], holdTune: false, unscripted: [], sent: [] },
  timeline: [],
} as unknown as BenchCall;
const hung: BenchCall = { seen: null, timeline: [] };
const test = (name: string) => ({ name, test: flowTest.parse({}) }) as TestCase;

/** Runs tests on benches that give these calls in turn; tells what was done. */
async function run(names: string[], calls: (BenchCall | Error)[], well = true) {
  const done: string[] = [];
  const results: TestResult[] = [];
  const open = async () => {
    done.push('open');
    return {
      call: async ({ name }: TestCase) => {
        done.push(name);
        const call = calls.shift() ?? ended;
        if (call instanceof Error) throw call;
        return call;
      },
      isWell: async () => well,
      close: async () => void done.push('close'),
    };
  };
  await runTests(names.map(test), { timeout: 1, open, say: () => undefined, onResult: (one) => results.push(one) });
  return { done: done.join(' '), failures: results.map(({ failures }) => failures.map(({ lines }) => lines.join())) };
}

describe('running tests', () => {
  it('runs one after the other on one server', async () => {
    expect(await run(['a', 'b'], [])).toEqual({ done: 'open a b close', failures: [[], []] });
  });

  it('a call that hangs is run once more on a fresh server before it counts', async () => {
    expect(await run(['a', 'b'], [hung])).toEqual({ done: 'open a close open a b close', failures: [[], []] });
  });

  it('a call that hangs twice did not end, and the tests after it go on', async () => {
    const { done, failures } = await run(['a', 'b'], [hung, hung]);
    expect(done).toBe('open a close open a b close');
    expect(failures).toEqual([[expect.stringContaining('did not end within 1 s')], []]);
  });

  it('a server that has ceased to skip time is replaced before the next test', async () => {
    expect((await run(['a', 'b'], [], false)).done).toBe('open a close open b close');
  });

  it('a call that cannot be run fails its test alone, and the server is closed', async () => {
    const { done, failures } = await run(['a', 'b'], [new Error('no'), new Error('no')]);
    expect(done).toBe('open a close open a b close');
    expect(failures).toEqual([['could not be run: no'], []]);
  });
});
