import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { BridgeEvent } from '../events.js';
import { LegEvents } from './bridge-events.js';

const at = '2026-01-01T00:00:00.000Z';

describe('B2: the events of a leg', () => {
  it('B2: are sent one after the other, in their order', async () => {
    const log: string[] = [];
    const events = new LegEvents(
      'c',
      '1',
      async (event) => {
        log.push(`${event.eventId} goes`);
        await pause(event.seq === 1 ? 20 : 0);
        log.push(`${event.eventId} is there`);
      },
      () => expect.unreachable(),
    );
    events.emit({ type: 'legAnswered' }, at);
    events.emit({ type: 'legEnded', cause: 16, by: 'remote' }, at);
    await events.sent();
    expect(log).toEqual(['c/1/1 goes', 'c/1/1 is there', 'c/1/2 goes', 'c/1/2 is there']);
  });

  it('B2: a refused event is tried again, unchanged, and one given up does not keep the end of the leg back', async () => {
    const tried: BridgeEvent[] = [];
    const lost: unknown[] = [];
    const events = new LegEvents(
      'c',
      '1',
      async (event) => {
        tried.push(event);
        if (event.type === 'digits' || tried.length < 6) throw new Error('no');
      },
      (event, reason) => lost.push(event.type, String(reason)),
      [1, 1],
    );
    events.emit({ type: 'digits', digits: '1' }, at);
    events.emit({ type: 'legEnded', cause: 16, by: 'remote' }, at);
    await events.sent();
    expect(tried.map((event) => event.seq)).toEqual([1, 1, 1, 2, 2, 2]);
    expect(tried[5]).toEqual({ eventId: 'c/1/2', seq: 2, at, leg: '1', type: 'legEnded', cause: 16, by: 'remote' });
    expect(lost).toEqual(['digits', 'Error: no']);
  });
});
