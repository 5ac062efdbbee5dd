/**
 * A bridge node that speaks Temporal with the engine: commands come as activities, events go as signals. A command that was under way
 * when the process was killed is completed by the next one, by its task token. Contract B1, B3, B4.
 * @module
 */
import { ActivityNotFoundError, type Client } from '@temporalio/client';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type NativeConnection, Worker } from '@temporalio/worker';
import type { BridgeActivities } from '../commands.js';
import { temporalHooks } from '../temporal-hooks.js';
import { AsteriskBridge, type AsteriskBridgeOptions } from './asterisk-bridge.js';
import type { Outcome } from './journal.js';

/** How often a long command shows that the bridge lives, in milliseconds. Contract B3. */
const HEARTBEAT_MS = 10_000;
/** Commands at the same time: each occupies its place for as long as it plays. */
const COMMANDS = 2000;
/** How long commands that run may take when the process ends; the next process goes on with them. */
const SHUTDOWN = '1s';

/** How to run it. */
export interface AsteriskWorkerOptions extends Omit<AsteriskBridgeOptions, 'sendEvent' | 'completes'> {
  connection: NativeConnection;
  /** Its data converter is that of the commands, too. */
  client: Client;
  namespace: string;
  /** Where it takes commands. */
  taskQueue: string;
}

/** A node that runs. */
export interface RunningAsteriskWorker {
  bridge: AsteriskBridge;
  /** Takes no more commands; calls stay in Asterisk for the next process. */
  stop(): Promise<void>;
}

/** Starts a node. */
export async function startAsteriskWorker(options: AsteriskWorkerOptions): Promise<RunningAsteriskWorker> {
  const { connection, client, namespace, taskQueue, ...rest } = options;
  const hooks = temporalHooks(client);
  const bridge = new AsteriskBridge({
    ...rest,
    sendEvent: (workflowId, event) => hooks.sendEvent(workflowId, event),
    completes: (token, outcome) => void complete(client, token, outcome, () => bridge.alive),
  });
  const worker = await Worker.create({
    ...{ connection, namespace, taskQueue },
    identity: `bridge-${taskQueue}`,
    dataConverter: client.options.dataConverter,
    activities: activities(bridge),
    maxConcurrentActivityTaskExecutions: COMMANDS,
    shutdownForceTime: SHUTDOWN,
  });
  await bridge.start();
  const ran = worker.run();
  // `stop` waits for it; what still ran is no fault.
  ran.catch(() => undefined);
  return {
    bridge,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ran.catch(() => undefined);
      bridge.close();
    },
  };
}

function activities(bridge: AsteriskBridge): BridgeActivities {
  return {
    async bridgeCommand(command) {
      const context = Context.current();
      // While Asterisk is away nothing is a sign of life: then the bridge is gone (B5).
      const beat = setInterval(() => bridge.alive && context.heartbeat(), HEARTBEAT_MS);
      try {
        const outcome = await bridge.command(command, {
          token: Buffer.from(context.info.taskToken).toString('base64'),
        });
        if ('error' in outcome) throw ApplicationFailure.nonRetryable(outcome.error.message, outcome.error.type);
        return outcome;
      } finally {
        clearInterval(beat);
      }
    },
  };
}

/** Completes an activity that a process before this one had begun. One that the server has given up is not completed. */
async function complete(client: Client, token: string, outcome: Promise<Outcome>, alive: () => boolean): Promise<void> {
  const task = new Uint8Array(Buffer.from(token, 'base64'));
  const beat = async () => {
    if (alive()) await client.activity.heartbeat(task).catch(() => undefined);
  };
  await beat();
  const timer = setInterval(() => void beat(), HEARTBEAT_MS);
  try {
    const what = await outcome;
    if ('error' in what)
      await client.activity.fail(task, ApplicationFailure.nonRetryable(what.error.message, what.error.type));
    else await client.activity.complete(task, what);
  } catch (error) {
    // It comes again otherwise, with the same id, and gets the outcome.
    if (!(error instanceof ActivityNotFoundError)) return;
  } finally {
    clearInterval(timer);
  }
}
