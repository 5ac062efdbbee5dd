import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it, vi } from 'vitest';
import type { EndOfCall } from '../../engine/end-task.js';
import { createEndCall, type EndCallParts } from './end-call.js';

const delivered = { delivered: true, detail: 'status 204' };

function ending({ isQuick = true, ...parts }: Partial<EndCallParts> & { isQuick?: boolean } = {}) {
  const made = {
    compose: vi.fn(() => Promise.resolve({})),
    deliver: vi.fn(() => Promise.resolve(delivered)),
    record: vi.fn(() => Promise.resolve()),
    ...parts,
    quick: { isQuick: () => isQuick },
  } as unknown as EndCallParts;
  const endCall = createEndCall(made);
  const run = ({ isLocal = true, runId = 'run', id = 'call/flow-end' } = {}) =>
    new MockActivityEnvironment({ isLocal, workflowExecution: { workflowId: 'call', runId } }).run(endCall, {
      ...{ record: {}, facts: {}, target: { webhookId: id } },
    } as EndOfCall);
  return { ...made, run };
}

it('E5: as a local activity it leaves everything to a regular one when the endpoint was not quick lately', async () => {
  const { deliver, record, run } = ending({ isQuick: false });
  expect(await run()).toBeNull();
  expect([deliver, record].map((part) => vi.mocked(part).mock.calls.length)).toEqual([0, 0]);
  expect(await run({ isLocal: false })).toEqual({ recorded: true, payload: {}, attempt: delivered });
});

it('E5: asked again by the same run it gives the attempt that it made; another run makes its own', async () => {
  const { deliver, run } = ending();
  expect(await Promise.all([run(), run(), run()])).toEqual(
    Array.from({ length: 3 }, () => ({ recorded: true, payload: {}, attempt: delivered })),
  );
  expect(deliver).toHaveBeenCalledTimes(1);
  await run({ runId: 'reset' });
  expect(deliver).toHaveBeenCalledTimes(2);
});

it('E5: an attempt that was cut short is made again', async () => {
  const deliver = vi.fn().mockRejectedValueOnce(new Error('cancelled')).mockResolvedValue(delivered);
  const { run } = ending({ deliver });
  await expect(run()).rejects.toThrow('cancelled');
  expect(await run()).toMatchObject({ attempt: delivered });
});

it('R9: a store that was too late is not waited for by the next ends of calls', async () => {
  const { record, run } = ending({ record: vi.fn(() => new Promise<void>(() => undefined)) });
  expect(await run()).toMatchObject({ recorded: false, attempt: delivered });
  const start = performance.now();
  expect(await run({ id: 'other/flow-end' })).toMatchObject({ recorded: false, attempt: delivered });
  expect(performance.now() - start).toBeLessThan(500);
  expect(record).toHaveBeenCalledTimes(1);
});
