import { randomUUID } from 'node:crypto';
import type { temporal } from '@temporalio/proto';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lostLocks } from './lost-locks.js';
import { TimeLocks } from './time-locks.js';
import { createTimeSkippingEnvironment, skipsTime, testServiceOf } from './time-skipping.js';

type Command = temporal.api.command.v1.ICommand;

/** Real milliseconds within which a minute passes on a busy machine, and in which it does not where time stands still. */
const [SOON_MS, STILL_MS] = [5000, 500];
const SCHEDULED_EVENT = 5;

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await createTimeSkippingEnvironment();
});
afterAll(() => env.teardown());

/** A workflow whose worker and activity worker are this test. */
async function played() {
  const { workflowService: service } = env.connection;
  const [namespace, id] = ['default', randomUUID()];
  const taskQueue = { name: id };
  const start = { namespace, workflowId: id, requestId: id, workflowType: { name: 'played' }, taskQueue };
  await service.startWorkflowExecution(start);
  const handle = env.client.workflow.getHandle(id);
  const begin = () => service.pollWorkflowTaskQueue({ namespace, taskQueue });
  const answer = ({ taskToken }: Taken, command: Command) =>
    service.respondWorkflowTaskCompleted({ namespace, taskToken, commands: [command] });
  return {
    handle,
    /** Takes the next workflow task. */
    begin,
    /** Answers a workflow task. */
    answer,
    /** Takes the next workflow task and answers it. */
    decide: async (command: Command) => answer(await begin(), command),
    /** Takes the activity. */
    take: () => service.pollActivityTaskQueue({ namespace, taskQueue }),
    /** Answers the request to cancel the activity. */
    end: ({ taskToken }: Taken) => service.respondActivityTaskCanceled({ namespace, taskToken }),
    /** Completes the activity. */
    finish: ({ taskToken }: Taken) => service.respondActivityTaskCompleted({ namespace, taskToken }),
    ask: {
      commandType: 1,
      scheduleActivityTaskCommandAttributes: {
        ...{ activityId: '1', activityType: { name: 'ask' }, taskQueue, startToCloseTimeout: msToTs('1 minute') },
      },
    } satisfies Command,
    cancel: {
      commandType: 2,
      requestCancelActivityTaskCommandAttributes: { scheduledEventId: SCHEDULED_EVENT as unknown as Long },
    } satisfies Command,
    complete: { commandType: 4, completeWorkflowExecutionCommandAttributes: {} } satisfies Command,
  };
}

type Taken = Pick<temporal.api.workflowservice.v1.IPollWorkflowTaskQueueResponse, 'taskToken'>;
type Long = NonNullable<temporal.api.command.v1.IRequestCancelActivityTaskCommandAttributes['scheduledEventId']>;

it('D6: an activity that is cancelled before it was taken has lost its lock, which can be taken off', async () => {
  const { handle, decide, ask, cancel, complete } = await played();
  await decide(ask);
  await handle.signal('a hang-up');
  await decide(cancel);
  const lost = await lostLocks(handle);
  expect(lost).toEqual({ cancelled: [expect.stringMatching(`/${SCHEDULED_EVENT}$`)], left: [] });
  await decide(complete);
  expect(await lostLocks(handle)).toEqual(lost);
  expect(await skipsTime(env, STILL_MS)).toBe(false);
  await new TimeLocks(testServiceOf(env)).giveBack(lost.cancelled.length);
  expect(await skipsTime(env, SOON_MS)).toBe(true);
});

it('D6: one whose worker answered the request to cancel it has lost none', async () => {
  const { handle, decide, take, end, ask, cancel, complete } = await played();
  await decide(ask);
  const activity = await take();
  await handle.signal('a hang-up');
  await decide(cancel);
  await end(activity);
  await decide(complete);
  expect(await lostLocks(handle)).toEqual({ cancelled: [], left: [] });
  expect(await skipsTime(env, SOON_MS)).toBe(true);
});

it('D6: one has, that is under way when its call closes, whether its lock was lent then or not', async () => {
  const locks = new TimeLocks(testServiceOf(env));
  for (const lends of [false, true]) {
    const { handle, decide, take, ask, complete } = await played();
    await decide(ask);
    await take();
    await locks.during(async () => {
      const wait = async () => {
        await handle.signal('a hang-up');
        await decide(complete);
        const { left } = await lostLocks(handle);
        expect(left).toHaveLength(1);
        await locks.abandon(left.length);
      };
      await (lends ? locks.lend(wait) : wait());
    });
    expect(await skipsTime(env, SOON_MS)).toBe(true);
  }
});

it('D6: a workflow task that cancels an activity whose result has come meanwhile is refused, and its lock stays: a test avoids it', async () => {
  const { handle, decide, begin, answer, take, finish, ask, cancel } = await played();
  await decide(ask);
  const activity = await take();
  await handle.signal('a hang-up');
  const task = await begin();
  await finish(activity);
  await expect(answer(task, cancel)).rejects.toThrow('ACTIVITY_UNKNOWN');
  expect(await skipsTime(env, STILL_MS)).toBe(false);
});
