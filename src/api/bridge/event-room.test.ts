import { describe, expect, it, vi } from 'vitest';
import { ServiceError } from '@temporalio/client';
import { isFull } from './events.js';
import { EventRoom, MAX_EVENTS } from './event-room.js';

const historyOf = (signals: number, others: number) =>
  vi.fn(() =>
    Promise.resolve({
      events: [
        ...Array.from({ length: signals }, () => ({ workflowExecutionSignaledEventAttributes: {} })),
        ...Array.from({ length: others }, () => ({})),
      ],
    } as never),
  );

describe('B2: room for events in one run of a call', () => {
  it('is there in a short history, which is not read', async () => {
    const fetchHistory = historyOf(0, 0);
    expect(await new EventRoom().has({ fetchHistory }, { runId: 'r', historyLength: MAX_EVENTS - 1 })).toBe(true);
    expect(fetchHistory).not.toHaveBeenCalled();
  });

  it('is there in a long history of other events, which is read once until it has grown', async () => {
    const room = new EventRoom();
    const fetchHistory = historyOf(100, 900);
    for (const historyLength of [1000, 1001, 1799])
      expect(await room.has({ fetchHistory }, { runId: 'r', historyLength })).toBe(true);
    expect(fetchHistory).toHaveBeenCalledTimes(1);
    expect(await room.has({ fetchHistory: historyOf(MAX_EVENTS, 900) }, { runId: 'r', historyLength: 1800 })).toBe(
      false,
    );
  });

  it('is spent once so many signals came, and is there again in the next run', async () => {
    const room = new EventRoom();
    const fetchHistory = historyOf(MAX_EVENTS, 5);
    for (const historyLength of [905, 950])
      expect(await room.has({ fetchHistory }, { runId: 'r', historyLength })).toBe(false);
    expect(fetchHistory).toHaveBeenCalledTimes(1);
    expect(await room.has({ fetchHistory }, { runId: 'next', historyLength: 3 })).toBe(true);
  });
});

it('B2: a server that takes no more signals is recognised inside the error that the client makes of it', () => {
  const details = 'exceeded workflow execution limit for signal events';
  const said = Object.assign(new Error(details), { code: 3, details, metadata: {} });
  expect(isFull(new ServiceError('Failed to signal Workflow', { cause: said }))).toBe(true);
  expect(isFull(new ServiceError('Failed to signal Workflow', { cause: new Error('else') }))).toBe(false);
});
