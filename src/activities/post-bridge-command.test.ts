import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Said, done, httpBridge } from '../../test/support/http-bridge.js';
import type { BridgeCommand } from '../telephony/commands.js';
import { httpBridgeSettings } from '../telephony/http/bridge-http-settings.js';
import { createPostBridgeCommand } from './post-bridge-command.js';

const play: BridgeCommand = {
  commandId: 'w/1',
  seq: 1,
  leg: '1',
  callId: 'c',
  widget: 'say',
  type: 'play',
  prompts: [],
};

/** The activity against a bridge of the test, as it runs on a worker. */
async function activity(obey: (times: number) => Said | Promise<Said>, env: NodeJS.ProcessEnv = {}) {
  const bridge = await httpBridge((_command, times) => obey(times));
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  let beats = 0;
  environment.on('heartbeat', () => (beats += 1));
  const times = { pickUpMs: 1200, answerMs: 3000, askEveryMs: 100 };
  const post = createPostBridgeCommand(httpBridgeSettings(env), times);
  const run = () => environment.run(post, bridge.url, play).finally(() => bridge.stop());
  return { run, bridge, environment, beats: () => beats };
}

describe('B3, B5, B6: postBridgeCommand', () => {
  it('B5: it heartbeats while it waits, so that a worker that dies is noticed', async () => {
    const { run, beats } = await activity(async () => {
      await pause(1200);
      return done;
    });
    expect(await run()).toEqual({ result: 'done' });
    expect(beats()).toBeGreaterThanOrEqual(2);
  });

  it('a worker that goes down lets another ask: it is cancelled, which Temporal retries, and no fault of the bridge', async () => {
    const { run, environment } = await activity(() => null);
    const running = run().catch((error: unknown) => error);
    await pause(100);
    environment.cancel('WORKER_SHUTDOWN');
    const error = await running;
    expect(error).toBeInstanceOf(CancelledFailure);
    expect(error).not.toBeInstanceOf(ApplicationFailure);
  });

  it('a bridge that says "running" at once is not asked without a pause', async () => {
    const { run, bridge } = await activity((times) => (times < 4 ? { body: { result: 'running' } } : done));
    const since = performance.now();
    await run();
    expect(bridge.received).toHaveLength(4);
    expect(performance.now() - since).toBeGreaterThan(290);
  });

  it('B4: an error of the bridge keeps its type and words; one that nobody knows is MEDIA_FAILED and names itself', async () => {
    const failed = async (type: string) =>
      (await activity(() => ({ status: 422, body: { error: { type, message: 'No.' } } }))).run();
    await expect(failed('BUSY')).rejects.toMatchObject({ type: 'BUSY', message: 'No.', nonRetryable: true });
    await expect(failed('OUT_OF_TAPE')).rejects.toMatchObject({ type: 'MEDIA_FAILED', message: 'OUT_OF_TAPE: No.' });
  });

  it('B4: an error of the bridge keeps its type and words; one that nobody knows is MEDIA_FAILED and names itself', async () => {
    const failed = async (type: string) =>
      (await activity(() => ({ status: 422, body: { error: { type, message: 'No.' } } }))).run();
    await expect(failed('BUSY')).rejects.toMatchObject({ type: 'BUSY', message: 'No.', nonRetryable: true });
    await expect(failed('OUT_OF_TAPE')).rejects.toMatchObject({ type: 'MEDIA_FAILED', message: 'OUT_OF_TAPE: No.' });
  });

  it('W13, B6: a bridge behind a proxy that repeats the length is understood, and is asked once', async () => {
    let asked = 0;
    const text = '{"result":"done"}';
    const proxy = createServer((socket) => {
      socket.once('data', () => {
        asked += 1;
        const length = `Content-Length: ${text.length}\r\n`;
        socket.end(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${length}${length}\r\n${text}`);
      });
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    const post = createPostBridgeCommand(httpBridgeSettings({}), { pickUpMs: 1200 });
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/`;
    expect(await environment.run(post, url, play)).toEqual({ result: 'done' });
    expect(asked).toBe(1);
    proxy.close();
  });

  it('B5: a failure counts as unanswered and is never retried by Temporal', async () => {
    const { run, bridge } = await activity(() => ({ status: 500, body: '' }));
    await expect(run()).rejects.toMatchObject({ type: 'BRIDGE_UNANSWERED', nonRetryable: true });
    expect(bridge.received.length).toBeGreaterThan(1);
  });

  it('B6: a URL outside the list gets nothing, whatever the start of the call said', async () => {
    const { run, bridge } = await activity(() => done, { HOOKLINE_BRIDGE_URLS: 'https://bridge.example' });
    await expect(run()).rejects.toMatchObject({ type: 'BRIDGE_UNANSWERED', nonRetryable: true });
    expect(bridge.received).toEqual([]);
  });
});
