/**
 * Whether a bridge is there that takes commands. Contract B5.
 * @module
 */
import { connect } from 'node:net';
import type { Client } from '@temporalio/client';
import { HooklineError } from '../flow/errors.js';

/** `temporal.api.enums.v1.TaskQueueType`. */
const ACTIVITIES = 2;

/** @throws {HooklineError} NO_BRIDGE when nobody takes activities from the task queue */
export async function requireBridge(
  client: Client,
  namespace: string,
  taskQueue: string,
  address: string,
): Promise<void> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: ACTIVITIES,
  });
  if (pollers && pollers.length > 0) return;
  throw new HooklineError(
    'NO_BRIDGE',
    `No bridge takes commands from task queue ${taskQueue} at ${address}. To start a simulated one: hookline bridge simulate --task-queue ${taskQueue}`,
  );
}

/** Milliseconds that a bridge has to take a connection. */
const CONNECT_MS = 5000;

/** Sends nothing: a bridge sees a connection that is closed again. @throws {HooklineError} NO_BRIDGE when nobody takes one */
export async function requireHttpBridge(url: string): Promise<void> {
  const { hostname, port, protocol, origin } = new URL(url);
  const why = await new Promise<string | null>((resolve) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = connect({ host, port: Number(port || (protocol === 'https:' ? 443 : 80)) });
    const end = (fault: string | null) => {
      socket.destroy();
      resolve(fault);
    };
    socket.setTimeout(CONNECT_MS, () => end('no connection in time'));
    socket.once('connect', () => end(null));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.name));
  });
  if (why === null) return;
  throw new HooklineError(
    'NO_BRIDGE',
    `No bridge takes commands at ${origin} (${why}). To start a simulated one: hookline bridge simulate --port ${port || 8190}`,
  );
}
