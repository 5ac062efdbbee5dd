import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DevStack } from '../support/dev-stack.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { flowOf } from '../support/rig.js';
import { Target, after, answer, json } from '../support/target.js';

let stack: DevStack;
let target: Target;
beforeAll(async () => {
  [stack, target] = await Promise.all([DevStack.start(), Target.start()]);
});
afterAll(async () => {
  await stack.stop();
  await target.stop();
});

const flow = (path: string, more: object = {}) =>
  flowOf(
    {
      answer: { type: 'answerCall', lines: { next: 'lookup' } },
      lookup: {
        type: 'webhook',
        request: {
          method: 'POST',
          url: target.url(path),
          body: { type: 'json', content: '{"order":"$flow.key.order"}' },
        },
        response: { type: 'json', map: [{ saveIn: '$flow.key.status', path: 'data.status', mandatory: true }] },
        lines: { success: 'say', failure: 'sorry' },
        ...more,
      },
      say: { type: 'play', prompt: { text: 'It is $flow.key.status' }, lines: { next: 'bye' } },
      sorry: { type: 'play', prompt: { text: 'Sorry' }, lines: { next: 'bye' } },
      bye: { type: 'hangUp' },
    },
    { flowEndWebhook: true },
  );
const accountFor = (path: string) => ({
  httpEnabled: true,
  targetAllowList: ['127.0.0.1'],
  defaultWebhook: { url: target.url(path) },
});
const until = (holds: () => boolean) => expect.poll(holds, { interval: 20, timeout: 30_000 }).toBe(true);
/** The first request is held until its worker is dead; the one sent again is answered. */
const heldOnce = (path: string) => target.on(path, after(60_000, json({})), json({ status: 'sent' }));
const secondsToNextCommand = (since: number) => {
  const next = stack.commands.find(({ at }) => at > since);
  return next ? (next.at - since) / 1000 : Infinity;
};

describe('H4, W8: kill -9 of the worker while the target holds its answer', () => {
  let worker: ChildProcess;
  beforeAll(async () => {
    worker = await stack.startWorker();
  });

  it('with a second worker up, the same call goes on within 6 s with the same key, and ends with one flow end', async () => {
    heldOnce('/held').on('/end', answer(200));
    const { handle, report } = await stack.call({
      flow: flow('/held'),
      account: accountFor('/end'),
      variables: { '$flow.key.order': '1' },
    });
    await until(() => target.of('/held').length === 1);
    const second = await stack.startWorker();
    const killedAt = performance.now();
    await stack.kill(worker);
    const result = await report();
    worker = second;
    expect(secondsToNextCommand(killedAt)).toBeLessThan(6);
    expect(result).toMatchObject({ outcome: 'completed', flowEnd: { delivered: true } });
    expect(result.path.map((entry) => entry.widget)).toEqual(['answer', 'lookup', 'say', 'bye']);
    const [one, two] = target.of('/held');
    expect(one?.headers['idempotency-key']).toBe(`${handle.workflowId}/lookup/1`);
    expect(two?.headers['idempotency-key']).toBe(one?.headers['idempotency-key']);
    expect(two?.body).toBe('{"order":"1"}');
    expect(target.of('/end')).toHaveLength(1);
  });

  it('without a second worker, the call goes on within 6 s of one being there', async () => {
    heldOnce('/alone').on('/end-alone', answer(200));
    const { report } = await stack.call({
      flow: flow('/alone'),
      account: accountFor('/end-alone'),
      variables: { '$flow.key.order': '2' },
    });
    await until(() => target.of('/alone').length === 1);
    await stack.kill(worker);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    worker = await stack.startWorker();
    const readyAt = performance.now();
    expect(await report()).toMatchObject({ outcome: 'completed', flowEnd: { delivered: true, attempts: 1 } });
    expect(secondsToNextCommand(readyAt)).toBeLessThan(6);
    expect(target.of('/end-alone')).toHaveLength(1);
  });

  it.each([
    ['as an activity', 0],
    ['in the last task of a call whose endpoint was quick', 3],
  ])(
    'E5: it dies while the end of a call is under way, %s: the flow end comes again with the same id',
    async (_, before) => {
      const path = `/end-kill-${before}`;
      const quick = Array.from({ length: before }, () => answer(204));
      target.on(path, ...quick, after(60_000, answer(204)), answer(204));
      const end = { flow: flowOf({ bye: { type: 'hangUp' } }, { flowEndWebhook: true }), account: accountFor(path) };
      for (let n = 0; n < before; n++) await (await stack.call(end)).report();
      const { handle, report } = await stack.call(end);
      await until(() => target.of(path).length === before + 1);
      const { events } = await handle.fetchHistory();
      const scheduled = (events ?? []).map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name);
      expect(scheduled.includes('endCall')).toBe(before === 0);
      const second = await stack.startWorker();
      await stack.kill(worker);
      worker = second;
      expect(await report()).toMatchObject({ outcome: 'completed', flowEnd: { delivered: true, attempts: 1 } });
      const ids = target.of(path).slice(before).map(({ headers }) => headers['webhook-id']); // prettier-ignore
      expect(ids).toEqual([`${handle.workflowId}/flow-end`, `${handle.workflowId}/flow-end`]);
    },
  );

  it('B7: it dies in each position of a sequence, and every command is carried out once', async () => {
    target.on('/end-sequence', answer(200));
    const say = (text: string, next?: string) => ({ type: 'play', prompt: { text }, lines: next ? { next } : {} });
    const words = 'one two three four five';
    const { handle, report } = await stack.call({
      flow: flowOf(
        { answer: { type: 'answerCall', lines: { next: 'a' } }, a: say(words, 'b'), b: say(words, 'c'), c: say(words) },
        { flowEndWebhook: true },
      ),
      account: accountFor('/end-sequence'),
      caller: { realTime: true },
      can: ['sequence'],
    });
    const mine = () => stack.commands.filter(({ command }) => command.commandId.startsWith(`${handle.workflowId}/`));
    await until(() => mine().length === 1);
    for (let position = 0; position < 3; position++) {
      const second = await stack.startWorker();
      await stack.kill(worker);
      worker = second;
    }
    const result = await report();
    expect(result).toMatchObject({ outcome: 'completed', flowEnd: { delivered: true } });
    expect(result.path.map(({ widget, line }) => `${widget} ${line}`)).toEqual(
      ['answer next', 'a next', 'b next', 'c next'], // prettier-ignore
    );
    expect(mine().map(({ command }) => command.type)).toEqual(['sequence']);
    expect(target.of('/end-sequence')).toHaveLength(1);
  });

  it('H4: "resend": false sends nothing again and takes the failure line with a detail that says so', async () => {
    heldOnce('/once').on('/end-once', answer(200));
    const { report } = await stack.call({
      flow: flow('/once', { retry: { resend: false } }),
      account: accountFor('/end-once'),
      variables: { '$flow.key.order': '3' },
    });
    await until(() => target.of('/once').length === 1);
    const second = await stack.startWorker();
    await stack.kill(worker);
    worker = second;
    const result = await report();
    expect(target.of('/once')).toHaveLength(1);
    expect(result.path[1]).toMatchObject({ line: 'failure' });
    expect(result.variables['$flow.key.error_reason']).toBe('CONNECTION_FAILURE');
    expect(result.variables['$flow.key.error_detail']).toMatch(/may have been sent/);
  });

  it('a call that waits in a delay goes on with another worker, and a hang-up is seen within 6 s', async () => {
    const waiting = flowOf(
      {
        answer: { type: 'answerCall', lines: { next: 'w' } },
        w: { type: 'delay', seconds: 60 },
        left: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.left', value: 'yes' }] },
      },
      { onRemoteHangup: 'left' },
    );
    const caller = { steps: [{ until: { widget: 'w' } }, { wait: 3 }, { hangUp: true }] };
    const start = performance.now();
    const { handle, report } = await stack.call({ flow: waiting, caller });
    await expect.poll(() => handle.query<string[]>('path'), { interval: 50, timeout: 30_000 }).toContain('w');
    const second = await stack.startWorker();
    await stack.kill(worker);
    worker = second;
    expect(await report()).toMatchObject({ outcome: 'hungUp', variables: { '$flow.key.left': 'yes' } });
    expect((performance.now() - start) / 1000).toBeLessThan(15);
  });

  it('SIGTERM drains: the request under way ends on its first attempt', async () => {
    target.on('/drained', after(2500, json({ status: 'sent' }))).on('/end-drained', answer(200));
    const { report } = await stack.call({
      flow: flow('/drained'),
      account: accountFor('/end-drained'),
      variables: { '$flow.key.order': '4' },
    });
    await until(() => target.of('/drained').length === 1);
    const second = await stack.startWorker();
    worker.kill('SIGTERM');
    worker = second;
    expect(await report()).toMatchObject({ outcome: 'completed', variables: { '$flow.key.status': 'sent' } });
    expect(target.of('/drained')).toHaveLength(1);
  });
});

describe('the metrics of a worker', () => {
  it('tell how many targets have an open circuit', async () => {
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    const measured = await stack.startWorker({ HOOKLINE_METRICS_ADDRESS: address });
    target.on('/metrics', json({ status: 'sent' })).on('/end-metrics', answer(200));
    // Another worker is up, too: not each call comes to this one.
    const afterOneMoreCall = async () => {
      const { report } = await stack.call({
        flow: flow('/metrics'),
        account: accountFor('/end-metrics'),
        variables: { '$flow.key.order': '5' },
      });
      await report();
      return (await fetch(`http://${address}/metrics`)).text();
    };
    await expect
      .poll(afterOneMoreCall, { interval: 0, timeout: 50_000 })
      .toMatch(/hookline_webhook_circuits\{.*state="open".*\} 0/);
    await stack.kill(measured);
  });
});
