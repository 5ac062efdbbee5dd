import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { BRIDGE_EVENT_SIGNAL } from '../../src/telephony/events.js';
import { DevStack } from '../support/dev-stack.js';
import { flowOf } from '../support/rig.js';

it('B2, C3: a flood of events is refused at a limit; the call survives it and the death of its worker, and ends as always', async () => {
  const stack = await DevStack.start();
  const worker = await stack.startWorker();
  const say = (text: string, next: string) => ({ type: 'play', prompt: { text }, lines: { next } });
  const flow = flowOf({
    answer: { type: 'answerCall', lines: { next: 'wait' } },
    wait: { type: 'delay', seconds: 25, lines: { next: 'say' } },
    say: say('Still here', 'bye'),
    bye: { type: 'hangUp' },
  });
  const { handle, report } = await stack.call({ flow });
  while (!(await handle.query<string[]>('path')).includes('wait')) await pause(50);
  const flood = Array.from({ length: 400 }, (_, index) => [
    { eventId: randomUUID(), seq: 10 + index * 2, at: new Date().toISOString(), leg: '1', type: 'digits', digits: '1' },
    { eventId: 'same', seq: 1_000_000, at: 'never', leg: '9', type: 'legEnded' },
    'no event at all',
  ]).flat();
  let refused = 0;
  for (let sent = 0; sent < flood.length; sent += 100) {
    const some = flood.slice(sent, sent + 100).map((event) => handle.signal(BRIDGE_EVENT_SIGNAL, event));
    for (const { status } of await Promise.allSettled(some)) if (status === 'rejected') refused += 1;
  }
  // The server takes 1,000 signals; those of the bridge itself are among them.
  expect(refused).toBeGreaterThan(150);
  expect(refused).toBeLessThan(300);
  await Promise.all([stack.kill(worker), stack.startWorker()]);
  const { outcome, path } = await report();
  expect(outcome).toBe('completed');
  expect(path.map(({ widget }) => widget)).toEqual(['answer', 'wait', 'say', 'bye']);
  const { events } = await handle.fetchHistory();
  // The delay, the longest call, and one a second at most for gaps.
  expect(events?.filter(({ timerStartedEventAttributes: timer }) => timer).length).toBeLessThan(40);
  await stack.stop();
}, 120_000);
