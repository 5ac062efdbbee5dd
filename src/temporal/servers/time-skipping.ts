/**
 * The test server on which an hour passes at once.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type TestService, WorkflowClient } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { HooklineError } from '../../flow/errors.js';
import { ensureSearchAttributes } from '../register-search-attributes.js';
import { findServer } from './find-server.js';
import { guardScript } from './parent-guard.js';
import { TIME_SKIPPING_SERVER, type Say } from './programs.js';
import { TimeLocks } from './time-locks.js';

/**
 * A request that fails on a server of this machine fails for good: one that the SDK repeats would be counted twice where it moves
 * locks, and thrown from a timer where its connection has closed meanwhile.
 */
const NO_REPEATS = {
  name: 'no-repeats',
  configureConnection: <T extends object>(options: T): T => ({ ...options, interceptors: [] }),
};

/**
 * Starts a time-skipping test server with our search attributes. Time is one for the whole environment: use one
 * for each test file and run its tests one after another. The caller tears it down; should that not happen, the
 * server ends within seconds of this process.
 * @param say default: silent
 * @param dataConverter that of its client, default: none
 * @throws HooklineError NO_TEMPORAL_SERVER when none is found or it does not start
 */
export async function createTimeSkippingEnvironment(
  say: Say = () => {},
  dataConverter: DataConverter = {},
): Promise<TestWorkflowEnvironment> {
  const path = await guardScript(await findServer(TIME_SKIPPING_SERVER, say), process.env);
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    client: { dataConverter },
    plugins: [NO_REPEATS],
    server: { executable: { type: 'existing-path', path }, extraArgs: [String(process.pid)] },
  }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HooklineError('NO_TEMPORAL_SERVER', `The time-skipping server did not start: ${reason}`, { cause });
  });
  awaitTogether(environment);
  const { namespace = 'default' } = environment;
  const usable = await ensureSearchAttributes(environment.connection, namespace, say);
  if (usable.searchAttributes) return environment;
  await environment.teardown();
  throw new HooklineError('NO_TEMPORAL_SERVER', 'The time-skipping server did not take our search attributes.');
}

/** The test service of such a server. @throws TypeError when it is no time-skipping one. */
export function testServiceOf({ connection }: Pick<TestWorkflowEnvironment, 'connection'>): TestService {
  if (!connection.testService) throw new TypeError('This is no time-skipping server.');
  return connection.testService;
}

/** Results that are awaited at once lend one lock: the SDK takes one for each, of which the server has the first. */
function awaitTogether(environment: TestWorkflowEnvironment): void {
  const { workflow } = environment.client;
  const locks = new TimeLocks(testServiceOf(environment));
  void locks.during(() => new Promise<never>(() => undefined));
  workflow.result = (...args) => locks.lend(() => WorkflowClient.prototype.result.apply(workflow, args));
}

/**
 * Whether time still passes quickly. A server one of whose calls closed during a request, or whose time leapt over a
 * request, can have lost that for ever.
 * @param withinMs real milliseconds that a minute of the server's time may take
 */
export async function skipsTime(
  environment: Pick<TestWorkflowEnvironment, 'sleep'>,
  withinMs: number,
): Promise<boolean> {
  const skipped = environment.sleep(60_000).then(
    () => true,
    () => false,
  );
  return Promise.race([skipped, pause(withinMs, false)]);
}
