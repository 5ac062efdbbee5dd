import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { composeFlowEnd } from '../../src/activities/flow-end/flow-end.js';
import { callWorkflowId } from '../../src/calls/call-id.js';
import { createOpenCall } from '../../src/calls/open-call.js';
import { callReport } from '../../src/calls/read-call.js';
import { startCall } from '../../src/calls/start-call.js';
import { DEFAULT_LIMITS } from '../../src/engine/opened-call.js';
import { validateCaller } from '../../src/flow/validation/validate.js';
import { callSinks } from '../../src/temporal/call-sinks.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await timeSkippingRig();
});
afterAll(() => rig.close());

const connect = (lines: object) => ({ type: 'agentConnect', attempts: 1, lines });
const took = (value: string) => ({ type: 'storeVariable', assign: [{ saveIn: '$flow.key.took', value }] });
const talks = { after: 1, steps: [{ wait: 2 }, { hangUp: true }] };
const answer = { type: 'answerCall', lines: { next: 'dial' } };
const agents = [{ number: 'a1' }];

it('F4, B3: an agent whose join failed is free again at once', async () => {
  const { bridge } = rig.simulator;
  const obey = bridge.bridgeCommand.bind(bridge);
  let joins = 0;
  bridge.bridgeCommand = (command) => {
    if (command.type !== 'join' || (joins += 1) > 1) return obey(command);
    return Promise.reject(ApplicationFailure.nonRetryable('no mixer', 'MEDIA_FAILED'));
  };
  const report = await rig.run({
    flow: flowOf({
      answer,
      dial: connect({ failure: 'again' }),
      again: connect({ next: 'next', overflow: 'overflow' }),
      ...{ next: took('next'), overflow: took('overflow') },
    }),
    account: { id: 300, agents },
    caller: { legs: { a1: talks } },
  });
  bridge.bridgeCommand = obey;
  expect(report.variables).toEqual({ '$flow.key.took': 'next' });
});

describe('F4: the desk answers late, or not', () => {
  /** Runs a call with a desk of its own; gives its outcome and the claims that it gave back. */
  async function run(claimAgent: () => Promise<string | null>, failures: number, steps: object[]) {
    const taskQueue = `desk-${randomUUID()}`;
    const released: string[] = [];
    const releaseAgent = ({ claim }: { claim: string }) => {
      released.push(claim);
      return released.length > failures
        ? Promise.resolve()
        : Promise.reject(ApplicationFailure.nonRetryable('the desk is away'));
    };
    const openCall = createOpenCall({ limits: DEFAULT_LIMITS, searchAttributes: true });
    const worker = await Worker.create({
      ...{ connection: rig.env.nativeConnection, namespace: 'default', taskQueue },
      workflowBundle: { codePath: inject('workflowBundle') },
      sinks: callSinks(undefined),
      activities: { openCall, composeFlowEnd, claimAgent, releaseAgent },
    });
    const { bridge, taskQueue: bridgeQueue } = rig.simulator;
    const id = randomUUID();
    const caller = validateCaller({ from: '1', to: '2', steps, legs: { a1: talks } }).value;
    if (!caller) throw new Error('the caller is not valid');
    bridge.addCall({
      ...{ callId: id, workflowId: callWorkflowId(300, bridge.id, id), direction: 'inbound' },
      caller,
    });
    const input = {
      account: { id: 300, agents },
      flow: flowOf({ answer, dial: connect({ next: 'next' }), next: took('next') }) as { id: string },
      call: { id, direction: 'inbound', from: '1234', to: '2', startedAt: new Date().toISOString() } as const,
      bridge: { id: bridge.id, taskQueue: bridgeQueue },
    };
    const { outcome } = await worker.runUntil(async () =>
      callReport(await startCall(rig.env.client, input, { taskQueue })),
    );
    return { outcome, released: released.map((claim) => claim.split('/').at(-1)) };
  }

  it('F4: an agent who cannot be given back is given back at the end, and the call does not fail', async () => {
    expect(await run(() => Promise.resolve('a1'), 1, [])).toEqual({ outcome: 'completed', released: ['1', '1'] });
  });

  it('F4, C1: a hang-up does not wait for the desk, and what it may have claimed is given back', async () => {
    let late = () => undefined as void;
    const answered = new Promise<null>((resolve) => (late = () => resolve(null)));
    const timer = setTimeout(late, 8000);
    const steps = [{ until: { widget: 'dial' } }, { hangUp: true }];
    expect(await run(() => answered, 0, steps)).toEqual({ outcome: 'hungUp', released: ['1'] });
    clearTimeout(timer);
    late();
  });
});
