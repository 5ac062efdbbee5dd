/**
 * A timer for tests: on a time-skipping server nothing else lets time pass in order with the timers of calls.
 * @module
 */
import { proxyActivities, sleep } from '@temporalio/workflow';

/** What a test's worker offers to it. */
export type TimeActivities = {
  /** Holds time until those who waited for this moment have acted. */
  timePassed(): Promise<void>;
};

const { timePassed } = proxyActivities<TimeActivities>({ startToCloseTimeout: '1 minute' });

/** Lets so many milliseconds pass. Never started but by tests. */
export async function passTime(ms: number): Promise<void> {
  await sleep(ms);
  await timePassed();
}
