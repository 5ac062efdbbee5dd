import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWebhookActivities } from '../../src/activities/webhook.js';
import { isProxied, proxySettings } from '../../src/http/connections/proxy-settings.js';
import { Sender } from '../../src/http/send.js';
import { answersTunnel, ConnectProxy, opensTunnel } from '../support/connect-proxy.js';
import { answer, json, runTask, Target, taskFor, TEST_ONLY_CERTIFICATE, type TaskFacts } from '../support/target.js';

let target: Target;
let secure: Target;
let proxy: ConnectProxy;
beforeAll(async () => {
  [target, secure] = [await Target.start(), await Target.start({ certificate: TEST_ONLY_CERTIFICATE })];
  proxy = await ConnectProxy.start();
});
afterAll(() => Promise.all([target.stop(), secure.stop(), proxy.stop()]));
beforeEach(() => {
  for (const one of [target.received, secure.received, proxy.asked, proxy.logins]) one.length = 0;
  proxy.behaviour = opensTunnel;
});
afterEach(() => vi.unstubAllEnvs());

const through = (env: Record<string, string> = {}) =>
  new Sender({ proxy: proxySettings({ HOOKLINE_PROXY: proxy.url(), ...env }) });
const ask = async (request: { url: string } & Record<string, unknown>, sender = through(), facts: TaskFacts = {}) => {
  const outcome = await runTask(
    taskFor({ request, retry: { attempts: 1 } }, facts),
    createWebhookActivities({}, sender),
  );
  await sender.close();
  return outcome;
};

describe('W12: requests through a proxy', () => {
  it('W12: a target is reached by a tunnel to its checked address', async () => {
    target.on('/a', answer(200, 'there'));
    expect(await ask({ url: target.url('/a') })).toMatchObject({ line: 'success', raw: 'there' });
    expect(proxy.asked).toEqual([`127.0.0.1:${target.port}`]);
    expect(target.received[0]?.headers).not.toHaveProperty('proxy-authorization');
    const rules = { targetAllowList: ['localhost'] };
    await ask({ url: target.url('/a', 'localhost') }, through(), { rules });
    // The system says which of its two addresses comes first.
    expect(['127.0.0.1', '[::1]']).toContain(proxy.asked[1]?.replace(`:${target.port}`, ''));
    expect(target.received[1]?.headers.host).toBe(`localhost:${target.port}`);
  });

  it('W12: TLS goes to the name of the target, through the tunnel', async () => {
    vi.stubEnv('HOOKLINE_SECRET_1_CA', TEST_ONLY_CERTIFICATE);
    secure.on('/a', answer(200, 'there'));
    const rules = { targetAllowList: ['localhost', '127.0.0.1'], secrets: { ca: { env: 'HOOKLINE_SECRET_1_CA' } } };
    const tls = { ca: { secret: 'ca' } };
    expect(await ask({ url: secure.url('/a', 'localhost'), tls }, through(), { rules })).toMatchObject({
      raw: 'there',
    });
    const untrusted = await ask({ url: secure.url('/a', 'localhost') }, through(), { rules });
    expect(untrusted).toMatchObject({ reason: 'CONNECTION_FAILURE', detail: expect.stringContaining('TLS') as string });
  });

  it('W12, W3: token requests go through it, and the login of the proxy is shown to it alone', async () => {
    target.on('/a', answer(200)).on('/token', json({ access_token: 't' }));
    const auth = { type: 'oauth2', tokenUrl: target.url('/token'), clientId: 'c', clientSecret: 's' };
    const sender = new Sender({ proxy: proxySettings({ HOOKLINE_PROXY: proxy.url('us%40er:p%3Aw@') }) });
    expect(await ask({ url: target.url('/a'), auth }, sender)).toMatchObject({ line: 'success' });
    expect(proxy.logins[0]).toBe(`Basic ${Buffer.from('us@er:p:w').toString('base64')}`);
    expect(target.of('/token')).toHaveLength(1);
    expect(JSON.stringify(target.received)).not.toContain('proxy-authorization');
  });

  it('W12, W11: an address that is not allowed is not asked for', async () => {
    const rules = { targetAllowList: [] };
    for (const resolves of ['on', 'off']) {
      for (const url of [target.url('/a'), 'http://169.254.169.254/', 'http://[::1]/', target.url('/a', 'localhost')]) {
        const outcome = await ask({ url }, through({ HOOKLINE_PROXY_RESOLVES: resolves }), { rules });
        expect(outcome, `${url} ${resolves}`).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
      }
    }
    expect(proxy.asked).toEqual([]);
  });

  it('W12: HOOKLINE_PROXY_RESOLVES=on gives it the name', async () => {
    target.on('/a', answer(200));
    const url = target.url('/a', 'only-the-proxy.test');
    expect(await ask({ url }, through({ HOOKLINE_PROXY_RESOLVES: 'on' }))).toMatchObject({ line: 'success' });
    expect(proxy.asked).toEqual([`only-the-proxy.test:${target.port}`]);
  });

  it('W12: what HOOKLINE_NO_PROXY names is reached without it', async () => {
    target.on('/a', answer(200));
    expect(await ask({ url: target.url('/a') }, through({ HOOKLINE_NO_PROXY: '127.0.0.0/8' }))).toMatchObject({
      line: 'success',
    });
    expect(proxy.asked).toEqual([]);
  });

  it('W12: without HOOKLINE_PROXY there is none, whatever HTTP_PROXY says', async () => {
    vi.stubEnv('HTTP_PROXY', proxy.url());
    vi.stubEnv('http_proxy', proxy.url());
    target.on('/a', answer(200));
    expect(proxySettings(process.env)).toBeUndefined();
    expect(await ask({ url: target.url('/a') }, new Sender())).toMatchObject({ line: 'success' });
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    [
      'refuses',
      'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n',
      'The proxy of this deployment opens no tunnel to the target: it answered 407 (Proxy Authentication Required).',
    ],
    ['breaks off', '', 'The proxy of this deployment cannot be used (ECONNRESET).'],
    ['speaks no HTTP', 'SSH-2.0-x\r\n', 'The proxy of this deployment cannot be used (HPE_INVALID_CONSTANT).'],
    [
      'does not reach the target',
      'HTTP/1.1 502 Bad Gateway\r\n\r\n',
      'The host 127.0.0.1 cannot be reached: the proxy of this deployment answered 502 (Bad Gateway).',
    ],
  ])('W12, R3: a proxy that %s is CONNECTION_FAILURE, and the detail says which', async (_case, head, detail) => {
    proxy.behaviour = answersTunnel(head);
    expect(await ask({ url: target.url('/a') })).toMatchObject({ reason: 'CONNECTION_FAILURE', detail });
    expect(target.received).toEqual([]);
  });

  it('W12: a proxy that is away opens no circuit of a target, one that is silent ends with the wait', async () => {
    const away = () => new Sender({ proxy: proxySettings({ HOOKLINE_PROXY: 'http://127.0.0.1:1' }) });
    expect((await ask({ url: target.url('/a') }, away())).detail).toBe(
      'The proxy of this deployment cannot be used (ECONNREFUSED).',
    );
    const sender = through();
    proxy.behaviour = answersTunnel('HTTP/1.1 403 No\r\n\r\n');
    const webhook = createWebhookActivities({}, sender);
    for (let sent = 0; sent < 12; sent += 1)
      await runTask(taskFor({ request: { url: target.url('/a') }, retry: { attempts: 1 } }), webhook);
    expect(sender.breakerStates().filter(({ state }) => state !== 'closed')).toEqual([]);
    proxy.behaviour = () => undefined;
    expect(await ask({ url: target.url('/a') }, sender, { timeout: 0.2 })).toMatchObject({ reason: 'TIMEOUT' });
  });
});

const tinyproxy = existsSync('/usr/bin/tinyproxy') ? undefined : "Debian's tinyproxy-bin is not installed, so it is not tried"; // prettier-ignore
if (tinyproxy) console.log(`skipped: ${tinyproxy}`);

it.skipIf(tinyproxy)('W12: a proxy that nobody here wrote, tinyproxy, opens the tunnel', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-proxy-'));
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, 'close');
  await writeFile(join(folder, 'conf'), `Port ${port}\nListen 127.0.0.1\nAllow 127.0.0.1\nBasicAuth ivr secret\nMaxClients 10\nConnectPort ${target.port}\n`); // prettier-ignore
  const child = spawn('/usr/bin/tinyproxy', ['-d', '-c', join(folder, 'conf')], { stdio: 'ignore' });
  try {
    const listens = () =>
      new Promise<boolean>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() !== undefined));
        socket.on('error', () => resolve(false));
      });
    while (!(await listens())) await pause(20);
    target.on('/a', answer(200, 'there'));
    const env = { HOOKLINE_PROXY: `http://ivr:secret@127.0.0.1:${port}` };
    expect(await ask({ url: target.url('/a') }, new Sender({ proxy: proxySettings(env) }))).toMatchObject({
      raw: 'there',
    });
    const wrong = { HOOKLINE_PROXY: `http://ivr:wrong@127.0.0.1:${port}` };
    const outcome = await ask({ url: target.url('/a') }, new Sender({ proxy: proxySettings(wrong) }));
    expect(outcome).toMatchObject({ reason: 'CONNECTION_FAILURE' });
    expect(outcome.detail).toMatch(/^The proxy of this deployment opens no tunnel/);
    expect(outcome.detail).not.toContain('wrong');
  } finally {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  }
});

describe('W12: settings', () => {
  it.each([
    [{ HOOKLINE_PROXY: 'proxy:3128' }, 'HOOKLINE_PROXY'],
    [{ HOOKLINE_PROXY: 'socks5://u:hidden@proxy:1' }, 'HOOKLINE_PROXY'],
    [{ HOOKLINE_PROXY: 'http://u:hidden@proxy:3128/path' }, 'HOOKLINE_PROXY'],
    [{ HOOKLINE_PROXY: 'http://proxy:3128', HOOKLINE_PROXY_RESOLVES: 'yes' }, 'HOOKLINE_PROXY_RESOLVES'],
    [{ HOOKLINE_PROXY: 'http://proxy:3128', HOOKLINE_NO_PROXY: 'a.local,b/c' }, 'HOOKLINE_NO_PROXY'],
  ])('W12: %j is refused at the start, by its name and without a password', (env, name) => {
    let message = '';
    try {
      proxySettings(env);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(new RegExp(`^${name}:`));
    expect(message).not.toContain('hidden');
  });

  it('W12: an exception is a host, all below a name, an address or a range', () => {
    const except = 'API.local, *.internal,10.0.0.0/8,fd00::1';
    const settings = proxySettings({ HOOKLINE_PROXY: 'http://proxy:3128', HOOKLINE_NO_PROXY: except });
    const direct = ['api.local', 'api.local.', 'a.internal', '10.2.3.4', 'fd00::1'];
    const proxied = ['xapi.local', 'internal', '11.0.0.1', 'fd00::2'];
    for (const host of direct) expect(settings && isProxied(settings, host), host).toBe(false);
    for (const host of proxied) expect(settings && isProxied(settings, host), host).toBe(true);
  });
});
