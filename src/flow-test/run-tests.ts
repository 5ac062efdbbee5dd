/**
 * Runs tests one after the other, each on a call of its own.
 * @module
 */
import { Bench, type BenchCall } from './bench.js';
import { failuresOf } from './expectations.js';
import type { TestCase, TestResult } from './test-case.js';

/** How tests are run. */
export interface RunOptions {
  /** Seconds of real time that a call has. */
  timeout: number;
  /** Called with each result as it comes. */
  onResult: (result: TestResult) => void;
  say: (line: string) => void;
  /** Makes a place for tests, default a {@link Bench}. */
  open?: (say: (line: string) => void) => Promise<Pick<Bench, 'call' | 'isWell' | 'close'>>;
}

/** Runs all tests. @throws {HooklineError} NO_TEMPORAL_SERVER. */
export async function runTests(tests: readonly TestCase[], options: RunOptions): Promise<TestResult[]> {
  const { timeout, say, onResult, open = (tell) => Bench.open(tell) } = options;
  const results: TestResult[] = [];
  let bench = await open(say);
  const renew = async () => {
    await bench.close();
    bench = await open(() => undefined);
  };
  const attempt = (testCase: TestCase) =>
    bench.call(testCase, timeout).catch((error: unknown): BenchCall => {
      const fault = `could not be run: ${error instanceof Error ? error.message : String(error)}`;
      return { seen: null, timeline: [], fault };
    });
  try {
    for (const [index, testCase] of tests.entries()) {
      if (index > 0 && !(await bench.isWell())) await renew();
      const start = performance.now();
      let call = await attempt(testCase);
      if (!call.seen) {
        // The time-skipping server can hang a call that does nothing wrong, hardly ever twice.
        await renew();
        call = await attempt(testCase);
      }
      const result = resultOf(testCase, call, (performance.now() - start) / 1000, timeout);
      results.push(result);
      onResult(result);
    }
  } finally {
    await bench.close();
  }
  return results;
}

function resultOf(testCase: TestCase, call: BenchCall, seconds: number, timeout: number): TestResult {
  const { seen, timeline, fault } = call;
  const why = fault ?? `did not end within ${timeout} s, twice (--timeout sets another limit)`;
  const failures = seen ? failuresOf(testCase.test.expect, seen) : [{ what: 'call', lines: [why] }];
  return { testCase, seconds, failures, seen, timeline };
}
