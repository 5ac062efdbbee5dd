import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, describe, it } from 'vitest';
import { startCall } from '../../src/calls/start-call.js';
import { callReport } from '../../src/calls/read-call.js';
import { DevStack } from '../support/dev-stack.js';
import { type HttpBridge, done, httpBridge } from '../support/http-bridge.js';
import { flowOf } from '../support/rig.js';

let stack: DevStack;
let bridge: HttpBridge;
/** Whether the prompt has been heard. */
let heard = false;
beforeAll(async () => {
  stack = await DevStack.start();
  bridge = await httpBridge(({ type }) => (type === 'play' && !heard ? { body: { result: 'running' } } : done));
});
afterAll(async () => {
  await bridge.stop();
  await stack.stop();
});

describe('B3, B5, B6: kill -9 of worker after worker while a command runs on a bridge over HTTP', () => {
  it('another worker asks for the same command within 6 s, the bridge counts as there, and the call goes on', async () => {
    let worker = await stack.startWorker();
    const handle = await startCall(stack.client, {
      account: { id: 1 },
      flow: flowOf({
        answer: { type: 'answerCall', lines: { next: 'say' } },
        say: { type: 'play', prompt: { text: 'Hello' }, lines: { next: 'bye' } },
        bye: { type: 'hangUp' },
      }) as { id: string },
      call: { id: randomUUID(), direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() },
      bridge: { id: 'over-http', url: bridge.url },
    });
    const plays = () => bridge.received.filter(({ command }) => command.type === 'play');
    while (plays().length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    // Twice: counted against the bridge, it would be gone.
    for (let time = 1; time <= 2; time++) {
      const next = await stack.startWorker();
      const killedAt = performance.now();
      await stack.kill(worker);
      worker = next;
      const again = () => plays().find(({ at }) => at > killedAt + 500);
      while (!again()) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(((again()?.at ?? Infinity) - killedAt) / 1000).toBeLessThan(6);
    }
    heard = true;
    const report = await callReport(handle);
    expect(report).toMatchObject({ outcome: 'completed', error: null });
    expect(report.path.map(({ widget }) => widget)).toEqual(['answer', 'say', 'bye']);
    expect(new Set(plays().map(({ body }) => body)).size).toBe(1);
    const types = bridge.received.map(({ command }) => command.type);
    expect(types.filter((type) => type !== 'play')).toEqual(['answer', 'hangUp']);
  });
});
