import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { sending } from '../../src/activities/sending.js';
import { CircuitBreaker } from '../../src/http/circuit-breaker.js';
import { retryAfterSeconds } from '../../src/http/retry.js';
import { Sender } from '../../src/http/send.js';
import { createWebhookActivities } from '../../src/activities/webhook.js';
import {
  after,
  answer,
  drip,
  json,
  reset,
  runTask,
  silence,
  Target,
  taskFor,
  TEST_ONLY_CERTIFICATE,
  TEST_ONLY_EXPIRED_CERTIFICATE,
} from '../support/target.js';

let target: Target;
/** Takes connections, and never says a word. */
let mute: Server;
beforeAll(async () => {
  target = await Target.start();
  mute = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
});
afterAll(async () => {
  mute.close();
  await target.stop();
});
afterEach(() => vi.unstubAllEnvs());

let paths = 0;
const newPath = () => `/waiting-${++paths}`;
const closedPort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await sleep(20);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

describe('H1, R3: the wait', () => {
  it('R3: no answer within the wait gives TIMEOUT, and the connection is closed', async () => {
    const path = newPath();
    target.on(path, silence);
    const outcome = await runTask(taskFor({ request: { url: target.url(path) } }, { timeout: 1 }));
    expect(outcome).toMatchObject({ line: 'failure', reason: 'TIMEOUT', attempts: 1, rows: [] });
    expect(outcome).not.toHaveProperty('statusCode');
    expect(outcome.duration).toBeGreaterThan(0.9);
    expect(outcome.duration).toBeLessThan(2);
    await target.of(path)[0]?.closed;
  });

  it('R3: an answer that drips on past the wait gives TIMEOUT, with its status', async () => {
    const path = newPath();
    target.on(path, drip('x', 50));
    const outcome = await runTask(taskFor({ request: { url: target.url(path) } }, { timeout: 1 }));
    expect(outcome).toMatchObject({ line: 'failure', reason: 'TIMEOUT', statusCode: 200, attempts: 1 });
    expect(outcome.duration).toBeLessThan(2);
    await target.of(path)[0]?.closed;
  });

  it('H1: a connection that does not come about is part of the wait', async () => {
    const { port } = mute.address() as AddressInfo;
    const outcome = await runTask(taskFor({ request: { url: `https://127.0.0.1:${port}/` } }, { timeout: 1 }));
    expect(outcome).toMatchObject({ line: 'failure', reason: 'TIMEOUT', attempts: 1 });
    expect(outcome.duration).toBeLessThan(2);
  });

  it('H1: all attempts together have one wait', async () => {
    const path = newPath();
    target.on(path, answer(503), silence);
    const start = performance.now();
    const outcome = await runTask(taskFor({ request: { url: target.url(path) } }, { timeout: 1.5 }));
    expect(outcome).toMatchObject({ reason: 'TIMEOUT', attempts: 2 });
    expect(performance.now() - start).toBeLessThan(2500);
  });

  const restarted = (elapsed: number, heartbeatDetails?: unknown) =>
    new MockActivityEnvironment({
      ...{ attempt: 2, heartbeatDetails },
      ...{ scheduledTimestampMs: 1_000_000, currentAttemptScheduledTimestampMs: 1_000_000 + elapsed * 1000 },
    });

  it('H4: after a crash only the rest of the wait is left', async () => {
    const path = newPath();
    target.on(path, silence);
    const task = taskFor({ request: { url: target.url(path) } }, { timeout: 60 });
    const outcome = await runTask(task, undefined, restarted(59));
    expect(outcome).toMatchObject({ reason: 'TIMEOUT', attempts: 2 });
    expect(outcome.duration).toBeLessThan(2);
  });

  it('H4: after a crash that outlasted the wait nothing is sent again', async () => {
    const path = newPath();
    const task = taskFor({ request: { url: target.url(path) } }, { timeout: 10 });
    expect(await runTask(task, undefined, restarted(11))).toMatchObject({ line: 'failure', reason: 'TIMEOUT' });
    expect(target.of(path)).toHaveLength(0);
  });

  it('H4: a request that a crash cut is sent again with the same key, and uses up no attempt', async () => {
    const path = newPath();
    target.on(path, answer(200));
    const task = taskFor({ request: { url: target.url(path), method: 'POST' } }, { idempotencyKey: 'call-9/w/1' });
    const outcome = await runTask(task, undefined, restarted(2, { attempt: 1, sent: 1 }));
    expect(outcome).toMatchObject({ line: 'success', attempts: 2 });
    expect(target.of(path).map(({ headers }) => headers['idempotency-key'])).toEqual(['call-9/w/1']);
  });

  it('H4: the attempts made before a crash stay used up', async () => {
    const path = newPath();
    target.on(path, answer(503));
    const outcome = await runTask(
      taskFor({ request: { url: target.url(path) } }),
      undefined,
      restarted(1, { attempt: 3, sent: 3 }),
    );
    expect(outcome).toMatchObject({ reason: 'SERVER_ERROR', attempts: 4 });
    expect(target.of(path)).toHaveLength(1);
  });
});

describe('H4: retries', () => {
  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('H4: %s is sent up to 2 times more', async (method) => {
    const path = newPath();
    target.on(path, answer(502), answer(504), answer(200));
    const outcome = await runTask(taskFor({ request: { url: target.url(path), method } }));
    expect(outcome).toMatchObject({ line: 'success', statusCode: 200, attempts: 3 });
    const [first, second, third] = target.of(path).map(({ at }) => at) as [number, number, number];
    expect(second - first).toBeGreaterThan(140);
    expect(third - second).toBeGreaterThan(480);
  });

  it.each(['POST', 'PATCH'])('H4: %s is sent once', async (method) => {
    const path = newPath();
    target.on(path, answer(503), answer(200));
    const outcome = await runTask(taskFor({ request: { url: target.url(path), method } }));
    expect(outcome).toMatchObject({ reason: 'SERVER_ERROR', statusCode: 503, attempts: 1 });
    target.on(path, reset);
    const broken = await runTask(taskFor({ request: { url: target.url(path), method } }));
    expect(broken).toMatchObject({ reason: 'CONNECTION_FAILURE', attempts: 1 });
  });

  it('H4: retry.attempts is the total for any method', async () => {
    const path = newPath();
    target.on(path, reset, answer(503), answer(200));
    const request = { url: target.url(path), method: 'POST', body: { type: 'json', content: { a: 1 } } };
    expect(await runTask(taskFor({ request, retry: { attempts: 3 } }))).toMatchObject({ line: 'success', attempts: 3 });
    expect(target.of(path).map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}', '{"a":1}']);
    const once = newPath();
    target.on(once, answer(503));
    await runTask(taskFor({ request: { url: target.url(once) }, retry: { attempts: 1 } }));
    expect(target.of(once)).toHaveLength(1);
  });

  it.each([400, 401, 404, 408, 429, 500, 501, 505])('H4: status %i is not sent again', async (status) => {
    const path = newPath();
    target.on(path, answer(status));
    expect(await runTask(taskFor({ request: { url: target.url(path) } }))).toMatchObject({ attempts: 1 });
  });

  it('H4: an answer that cannot be used is not asked for again', async () => {
    const path = newPath();
    target.on(path, answer(200, 'no json'));
    const outcome = await runTask(taskFor({ request: { url: target.url(path) }, response: { type: 'json' } }));
    expect(outcome).toMatchObject({ reason: 'INVALID_RESPONSE', attempts: 1 });
  });

  it('H4: a connection that is refused is tried again', async () => {
    const outcome = await runTask(taskFor({ request: { url: `http://127.0.0.1:${await closedPort()}/` } }));
    expect(outcome).toMatchObject({ line: 'failure', reason: 'CONNECTION_FAILURE', attempts: 3 });
    expect(outcome.detail).toBe('The host 127.0.0.1 refused the connection.');
  });

  it('R3: a name without an address gives CONNECTION_FAILURE', async () => {
    const outcome = await runTask(taskFor({ request: { url: 'http://nowhere.invalid/' }, retry: { attempts: 1 } }));
    expect(outcome).toMatchObject({ line: 'failure', reason: 'CONNECTION_FAILURE' });
    expect(outcome.detail).toMatch(/DNS/);
  });

  it('R2: after retries the outcome is that of the last attempt', async () => {
    const path = newPath();
    target.on(path, answer(503, 'first'), after(60, answer(200, 'second')));
    const outcome = await runTask(taskFor({ request: { url: target.url(path) } }));
    expect(outcome).toMatchObject({ line: 'success', raw: 'second', attempts: 2 });
    expect(outcome.duration).toBeGreaterThan(0.05);
    expect(outcome.duration).toBeLessThan(0.3);
  });

  it('H4: Retry-After is honoured, as seconds and as a date', async () => {
    for (const retryAfterNow of [() => '1', () => new Date(Date.now() + 2000).toUTCString()]) {
      const retryAfter = retryAfterNow();
      const path = newPath();
      target.on(path, answer(503, '', { 'retry-after': retryAfter }), answer(200));
      expect(await runTask(taskFor({ request: { url: target.url(path) } }))).toMatchObject({
        line: 'success',
        attempts: 2,
      });
      const [first, second] = target.of(path).map(({ at }) => at) as [number, number];
      expect(second - first).toBeGreaterThan(950);
    }
  });

  it('H4: a Retry-After that does not fit in the wait ends the retries at once', async () => {
    const path = newPath();
    target.on(path, answer(503, '', { 'retry-after': '30' }));
    const start = performance.now();
    const outcome = await runTask(taskFor({ request: { url: target.url(path) } }));
    expect(outcome).toMatchObject({ reason: 'SERVER_ERROR', statusCode: 503, attempts: 1 });
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('H4: Retry-After is read as HTTP defines it', () => {
    const now = Date.parse('2026-11-23T00:00:00Z');
    expect(retryAfterSeconds('120', now)).toBe(120);
    expect(retryAfterSeconds('Mon, 23 Nov 2026 00:00:05 GMT', now)).toBe(5);
    for (const long of ['7200', '9'.repeat(400), 'Tue, 23 Nov 2027 00:00:00 GMT'])
      expect(retryAfterSeconds(long, now)).toBe(3600);
    expect(retryAfterSeconds('Sun, 22 Nov 2026 00:00:00 GMT', now)).toBe(0);
    for (const other of [undefined, '', 'soon', '-1', '1.5', '2026-11-23'])
      expect(retryAfterSeconds(other, now)).toBeUndefined();
  });
});

describe('H5: cancellation and heartbeats', () => {
  const cancelled = async (url: string, when: number, more: object = {}) => {
    const environment = new MockActivityEnvironment();
    const running = runTask(taskFor({ request: { url }, ...more }), undefined, environment);
    await sleep(when);
    const start = performance.now();
    environment.cancel();
    await expect(running).rejects.toBeInstanceOf(CancelledFailure);
    expect(performance.now() - start).toBeLessThan(100);
  };

  it('H5: a cancellation closes the socket at once, and the activity ends as cancelled', async () => {
    const path = newPath();
    target.on(path, silence);
    await cancelled(target.url(path), 200);
    await target.of(path)[0]?.closed;
  });

  it('H5: so it does while the answer comes in, between attempts and while connecting', async () => {
    const [dripping, retrying] = [newPath(), newPath()];
    target.on(dripping, drip('x', 20)).on(retrying, answer(503, '', { 'retry-after': '5' }));
    await cancelled(target.url(dripping), 200);
    await target.of(dripping)[0]?.closed;
    await cancelled(target.url(retrying), 200);
    expect(target.of(retrying)).toHaveLength(1);
    await cancelled(`https://127.0.0.1:${(mute.address() as AddressInfo).port}/`, 200);
  });

  it('H5: a cancellation before the first request sends none', async () => {
    const path = newPath();
    const environment = new MockActivityEnvironment();
    environment.cancel();
    await expect(
      runTask(taskFor({ request: { url: target.url(path) } }), undefined, environment),
    ).rejects.toBeInstanceOf(CancelledFailure);
    expect(target.of(path)).toHaveLength(0);
  });

  it('H4: heartbeats say which attempt is under way, from half a second on', async () => {
    const path = newPath();
    target.on(path, after(100, answer(503, '', { 'retry-after': '1' })), after(700, answer(200)));
    const environment = new MockActivityEnvironment();
    const beats: unknown[] = [];
    environment.on('heartbeat', (details) => beats.push(details));
    await runTask(taskFor({ request: { url: target.url(path) } }), undefined, environment);
    expect(beats.length).toBeGreaterThanOrEqual(3);
    expect(beats[0]).toEqual({ attempt: 2, sent: 1 });
    expect(beats.at(-1)).toEqual({ attempt: 2, sent: 2 });
    const fast = new MockActivityEnvironment();
    fast.on('heartbeat', () => beats.push('fast'));
    target.on(path, answer(200));
    await runTask(taskFor({ request: { url: target.url(path) } }), undefined, fast);
    expect(beats).not.toContain('fast');
  });

  it('H4: with many under way each heartbeats less often, and within two seconds all the same', async () => {
    const beatsOf = async () => {
      const environment = new MockActivityEnvironment();
      let beats = 0;
      environment.on('heartbeat', () => (beats += 1));
      await environment.run(() => sending(Context.current(), 'webhook', () => sleep(2600)));
      return beats;
    };
    const beats = await Promise.all(Array.from({ length: 600 }, beatsOf));
    expect(Math.min(...beats)).toBeGreaterThanOrEqual(1);
    // Every half second each it would be 3,000.
    expect(beats.reduce((sum, one) => sum + one)).toBeLessThan(1000);
    expect(await beatsOf()).toBeGreaterThanOrEqual(4);
  });

  it('C4: a fault of ours ends the activity for good, and tells no value', async () => {
    const path = newPath();
    target.on(path, json({ a: 1 }));
    const task = taskFor({ request: { url: target.url(path) }, response: { type: 'json' } });
    Object.assign(task.response, { map: 'a secret' });
    const quiet = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    const failure = await runTask(task, undefined, quiet).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'WIDGET_FAULT', nonRetryable: true });
    expect(String(failure) + String((failure as Error).stack)).not.toContain('secret');
  });
});

describe('R3: TLS', () => {
  const ask = (secure: Target, host?: string) =>
    runTask(taskFor({ request: { url: secure.url('/', host) }, retry: { attempts: 1 } }));

  it('R3: a certificate that is not trusted gives CONNECTION_FAILURE', async () => {
    const secure = await Target.start({ certificate: TEST_ONLY_CERTIFICATE });
    const outcome = await ask(secure);
    expect(outcome).toMatchObject({ line: 'failure', reason: 'CONNECTION_FAILURE', attempts: 1 });
    expect(outcome.detail).toBe("The target's TLS certificate is self-signed, which is not trusted.");
    const expired = await Target.start({ certificate: TEST_ONLY_EXPIRED_CERTIFICATE });
    expect(await ask(expired)).toMatchObject({ reason: 'CONNECTION_FAILURE' });
    await Promise.all([secure.stop(), expired.stop()]);
  });

  it('R3: a target that speaks no TLS gives CONNECTION_FAILURE', async () => {
    const outcome = await runTask(
      taskFor({ request: { url: `https://127.0.0.1:${target.port}/` }, retry: { attempts: 1 } }),
    );
    expect(outcome).toMatchObject({ line: 'failure', reason: 'CONNECTION_FAILURE' });
    expect(outcome.detail).toMatch(/TLS/);
  });

  it('W2: an https target is reached, informational answers included', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const secure = await Target.start({ certificate: TEST_ONLY_CERTIFICATE });
    secure.on('/', (_request, response) => {
      response.writeContinue();
      response.end('hello');
    });
    const task = taskFor({ request: { url: secure.url('/') } }, { rules: { httpEnabled: false } });
    expect(await runTask(task)).toMatchObject({ line: 'success', raw: 'hello' });
    await secure.stop();
  });
});

describe('connections', () => {
  it('a connection is used again, and one that the target closed meanwhile breaks no POST', async () => {
    const activities = createWebhookActivities();
    const path = newPath();
    target.on(path, answer(200, 'ok'));
    const request = { url: target.url(path), method: 'POST', body: { type: 'text', content: 'x' } };
    await runTask(taskFor({ request }), activities);
    await sleep(20);
    const { connections } = target;
    await runTask(taskFor({ request }), activities);
    expect(target.connections).toBe(connections);
    target.on(path, (_request, response, socket) => {
      response.end('ok');
      setTimeout(() => socket.destroy(), 20);
    });
    await runTask(taskFor({ request }), activities);
    await sleep(100);
    expect(await runTask(taskFor({ request }), activities)).toMatchObject({ line: 'success', attempts: 1 });
  });
});

describe('the circuit breaker', () => {
  const scene = () => {
    const clock = { now: 0 };
    const breaker = new CircuitBreaker(() => clock.now);
    const fail = (times: number, every = 300) => {
      for (let i = 0; i < times; i++) {
        breaker.failed('http://a');
        clock.now += every;
      }
    };
    return { clock, breaker, fail };
  };

  it('opens after ten failures in a row, and is one origin wide', () => {
    const { breaker, fail } = scene();
    fail(9);
    expect(breaker.admits('http://a')).toBe(true);
    fail(1);
    expect(breaker.admits('http://a')).toBe(false);
    expect(breaker.admits('http://b')).toBe(true);
    expect(breaker.states()).toEqual([{ origin: 'http://a', state: 'open', failures: 10 }]);
  });

  it('stays closed over a burst of failures, and after a success', () => {
    const { breaker, fail } = scene();
    fail(50, 10);
    expect(breaker.admits('http://a')).toBe(true);
    breaker.succeeded('http://a');
    fail(9);
    expect(breaker.admits('http://a')).toBe(true);
    expect(breaker.states()).toMatchObject([{ state: 'closed', failures: 9 }]);
  });

  it('lets one request try after five seconds, which decides', () => {
    const { breaker, clock, fail } = scene();
    fail(10);
    clock.now += 5_000;
    expect(breaker.states()).toMatchObject([{ state: 'halfOpen' }]);
    expect(breaker.admits('http://a')).toBe(true);
    expect(breaker.admits('http://a')).toBe(false);
    breaker.failed('http://a');
    clock.now += 4_999;
    expect(breaker.admits('http://a')).toBe(false);
    clock.now += 1;
    expect(breaker.admits('http://a')).toBe(true);
    breaker.succeeded('http://a');
    expect(breaker.admits('http://a')).toBe(true);
    expect(breaker.admits('http://a')).toBe(true);
    expect(breaker.states()).toEqual([]);
  });

  it('keeps a bounded number of origins in mind', () => {
    const { breaker } = scene();
    for (let i = 0; i < 2_000; i++) breaker.failed(`http://${i}`);
    expect(breaker.states()).toHaveLength(1_000);
  });

  it('R3: an open circuit gives CONNECTION_FAILURE at once, and nothing is sent', async () => {
    const sender = new Sender();
    const activities = createWebhookActivities({}, sender);
    const task = taskFor({ request: { url: `http://127.0.0.1:${await closedPort()}/` }, retry: { attempts: 1 } });
    for (let i = 0; i < 11; i++) {
      await runTask(task, activities);
      await sleep(220);
    }
    const outcome = await runTask(task, activities);
    expect(outcome).toMatchObject({ line: 'failure', reason: 'CONNECTION_FAILURE', attempts: 0 });
    expect(outcome.detail).toMatch(/circuit is open/);
    expect(sender.breakerStates()).toMatchObject([{ state: 'open' }]);
  });

  it('no status, reset or slow answer counts', async () => {
    const sender = new Sender();
    const activities = createWebhookActivities({}, sender);
    const path = newPath();
    target.on(path, answer(500), reset, silence);
    for (let i = 0; i < 3; i++) {
      await runTask(taskFor({ request: { url: target.url(path), method: 'POST' } }, { timeout: 1 }), activities);
    }
    expect(sender.breakerStates()).toEqual([]);
  });
});
