/**
 * How time passes on the time-skipping server, whose counter of locks decides: a workflow task or an activity that is under way adds
 * one, and time is skipped while none is left.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ServerTime } from './skipped-time.js';
import { TimeLocks } from '../../temporal/servers/time-locks.js';
import { testServiceOf } from '../../temporal/servers/time-skipping.js';
import type { passTime, TimeActivities } from '../../workflows/index.js';

/** The name of the activity that holds time. */
export const TIME_PASSED = 'timePassed' satisfies keyof TimeActivities;

/**
 * The time of a server while the result of a call is awaited, and what the worker on this task queue needs for it.
 * @param settled resolves when those who were woken have acted: until then the server must not skip what comes next
 */
export function serverTime(
  env: TestWorkflowEnvironment,
  taskQueue: string,
  settled: () => Promise<void>,
): ServerTime & { activities: TimeActivities; locks: TimeLocks } {
  const locks = new TimeLocks(testServiceOf(env));
  // Unlike that of the environment it does not unlock time: the call's own wait has done so.
  const client = new Client({ connection: env.connection });
  const waiting = new Map<string, () => void>();
  return {
    locks,
    activities: {
      timePassed: async () => {
        waiting.get(Context.current().info.workflowExecution?.workflowId ?? '')?.();
        await settled();
      },
    },
    now: () => env.currentTimeMs(),
    async wait(ms) {
      const workflowId = `time-${randomUUID()}`;
      const over = new Promise<void>((resolve) => waiting.set(workflowId, resolve));
      await client.workflow.start<typeof passTime>('passTime', { taskQueue, workflowId, args: [ms] });
      return { over: over.finally(() => waiting.delete(workflowId)) };
    },
    during: (work) => locks.during(work),
    async skip(ms, signal) {
      const changed = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await Promise.race([locks.pass(ms, signal), changed]);
    },
  };
}
