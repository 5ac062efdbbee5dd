/**
 * Runs a flow against recorded calls, one after the other, on the bench of `hookline test`: no network is touched.
 * @module
 */
import type { Account } from '../../flow/documents/account.js';
import type { Flow } from '../../flow/documents/flow.js';
import { flowTest } from '../../flow/documents/flow-test.js';
import type { RecordedCall } from '../../flow/documents/recorded-call.js';
import { Bench } from '../../flow-test/bench.js';
import type { TestCase } from '../../flow-test/test-case.js';
import { type Comparison, comparePaths } from './compare-paths.js';
import { RecordedWorld } from './recorded-world.js';

/** A recorded call with the flow and the account with which it is replayed. */
export interface Replay {
  record: RecordedCall;
  flow: Flow;
  account: Account;
}

/** What came of a replay. */
export type Replayed = Comparison & { call: string; seconds: number };

/** Seconds of real time that a call has; one that takes longer is tried once more. */
const TIMEOUT_S = 20;

/** Replays all calls. @throws {HooklineError} NO_TEMPORAL_SERVER. */
export async function replayCalls(
  replays: readonly Replay[],
  { say, onResult }: { say: (line: string) => void; onResult: (result: Replayed) => void },
): Promise<Replayed[]> {
  const results: Replayed[] = [];
  let bench = await Bench.open(say);
  const renew = async () => {
    await bench.close();
    bench = await Bench.open(() => undefined);
  };
  try {
    for (const [index, replay] of replays.entries()) {
      if (index > 0 && !(await bench.isWell())) await renew();
      const start = performance.now();
      let comparison = await replayOn(bench, replay);
      if (!comparison) {
        // As for tests: the time-skipping server can hang a call that does nothing wrong, hardly ever twice.
        await renew();
        comparison = await replayOn(bench, replay);
      }
      const seconds = Math.round(performance.now() - start) / 1000;
      const result = { call: replay.record.call, ...(comparison ?? notEnded()), seconds };
      results.push(result);
      onResult(result);
    }
  } finally {
    await bench.close();
  }
  return results;
}

/** Undefined when the call did not end in time. */
async function replayOn(bench: Bench, { record, flow, account }: Replay): Promise<Comparison | undefined> {
  const { doubts, report, variables, caller, startedAt } = record;
  const says = (code: (typeof doubts)[number]['code']) => doubts.find((doubt) => doubt.code === code)?.message;
  // Without anybody on the line no flow runs.
  if (says('unanswered') !== undefined) return comparePaths(report, report, null);
  const test = flowTest.parse({ at: startedAt, set: variables });
  const testCase: TestCase = { name: record.call, file: '', flowFile: '', flow, subflows: {}, account, caller, test };
  const world = new RecordedWorld(record);
  const { seen } = await bench.call(testCase, TIMEOUT_S, world);
  if (!seen) return undefined;
  const comparison = comparePaths(report, seen.report, world.stop);
  const doubt = says('dialledUnlike') ?? says('sensitive');
  if (comparison.verdict !== 'differs' || doubt === undefined) return comparison;
  return { ...comparison, verdict: 'unknown', why: doubt };
}

function notEnded(): Comparison {
  const why = `the replay did not end within ${TIMEOUT_S} s, twice`;
  return { verdict: 'unknown', step: null, recorded: null, now: null, why };
}
