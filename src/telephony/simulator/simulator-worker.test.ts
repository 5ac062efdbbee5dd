import { setTimeout as pause } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import type { BridgeActivities, BridgeCommand } from '../commands.js';
import { BridgeError } from '../bridge-error.js';
import { bridgeActivities } from './simulator-worker.js';
import { temporalHooks } from '../temporal-hooks.js';

const status: BridgeCommand = { commandId: 'w/1', seq: 1, leg: '1', callId: 'c', widget: null, type: 'status' };

function activity(bridgeCommand: BridgeActivities['bridgeCommand'], heartbeatTimeoutMs?: number) {
  const environment = new MockActivityEnvironment({ heartbeatTimeoutMs }, { logger: new DefaultLogger('ERROR') });
  let beats = 0;
  environment.on('heartbeat', () => (beats += 1));
  const activities = bridgeActivities({ bridgeCommand }, 10);
  const run = (command: BridgeCommand) => activities.bridgeCommand(command);
  return { run: () => environment.run(run, status), beats: () => beats };
}

/** A client on whose server the workflow is running, closed or not there. */
function clientFor(state: 'running' | 'closed' | 'none', signalled: unknown[] = []): Client {
  const missing = () => Promise.reject(new WorkflowNotFoundError('not found', 'w', undefined));
  const handle = {
    signal: (...args: unknown[]) => (state === 'running' ? Promise.resolve(void signalled.push(args)) : missing()),
    describe: () => (state === 'none' ? missing() : Promise.resolve({})),
    query: (name: string) => Promise.resolve([name]),
  };
  return { workflow: { getHandle: () => handle } } as unknown as Client;
}

describe('B3, B4: the simulator as an activity', () => {
  it('B3: a long command heartbeats, and no more when it is done', async () => {
    const { run, beats } = activity(async () => {
      await pause(100);
      return { result: 'done' };
    }, 30_000);
    expect(await run()).toEqual({ result: 'done' });
    const during = beats();
    expect(during).toBeGreaterThanOrEqual(2);
    await pause(30);
    expect(beats()).toBe(during);
  });

  it('B8: a command without a heartbeat time-out does not heartbeat: its node is watched as a whole', async () => {
    const { run, beats } = activity(() => pause(60, { result: 'done' } as const));
    expect(await run()).toEqual({ result: 'done' });
    expect(beats()).toBe(0);
  });

  it('B4: a typed error is a failure of that type, and is not retried', async () => {
    const { run } = activity(() => Promise.reject(new BridgeError('LEG_UNKNOWN', 'no such leg')));
    const failure = await run().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'LEG_UNKNOWN', nonRetryable: true, message: 'no such leg' });
  });

  it('B2: an event is the signal bridgeEvent; a closed call needs none, one that is not there yet is tried again', async () => {
    const event = { eventId: 'c/1/1', seq: 1, at: '2026-01-01T00:00:00.000Z', leg: '1', type: 'legAnswered' } as const;
    const signalled: unknown[] = [];
    await temporalHooks(clientFor('running', signalled)).sendEvent('w', event);
    expect(signalled).toEqual([['bridgeEvent', event]]);
    await temporalHooks(clientFor('closed')).sendEvent('w', event);
    await expect(temporalHooks(clientFor('none')).sendEvent('w', event)).rejects.toThrow(WorkflowNotFoundError);
  });

  it('D6: the widgets that a call has entered are its query "path"', async () => {
    expect(await temporalHooks(clientFor('running')).entered('w')).toEqual(['path']);
  });
});
