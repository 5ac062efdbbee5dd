/** Names that their owner uses against us: they lead inside at the second look, or their server does not answer. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mayHaveOwnNames, OwnNames } from '../support/names.js';

const bin = fileURLToPath(new URL('../../bin/hookline.js', import.meta.url));
const names = new URL('../../dist/http/names.js', import.meta.url).href;
/** Stands for a public address: the account's list names it. The inside is 127.0.0.1, which none names. */
const [OUTSIDE, INSIDE] = ['127.0.0.2', '127.0.0.1'];

const allowed = mayHaveOwnNames();
if (!allowed) process.stderr.write('skipped: this machine does not let us have a name server of our own (unshare)\n');

describe.skipIf(!allowed)('W11: a name that leads inside at every second look', () => {
  let folder: string;
  let servers: (Server | TcpServer)[];
  let port: number;
  const reached: string[] = [];
  let looks = 0;
  let resolver: OwnNames;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hookline-rebinding-'));
    const listen = (server: Server | TcpServer, address: string, at: number) =>
      new Promise<number>((resolve) =>
        server.listen(at, address, () => resolve((server.address() as AddressInfo).port)),
      );
    const serve = (side: string) =>
      createServer((request, response) => {
        reached.push(`${side} ${request.method} ${request.url}`);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"shortUrl":"https://s.example/1"}');
      });
    const outside = serve('outside');
    // A mail server speaks first, and this one says nothing.
    outside.on('connection', (socket) => socket.setTimeout(500, () => socket.destroy()));
    const inside = createTcpServer((socket) => {
      reached.push('inside');
      socket.destroy();
    });
    servers = [outside, inside];
    port = await listen(outside, OUTSIDE, 0);
    await listen(inside, INSIDE, port);
    resolver = await OwnNames.start((name) => {
      if (!name.endsWith('rebinds.test')) return [];
      looks += 1;
      return [looks % 2 === 1 ? OUTSIDE : INSIDE];
    });
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await resolver.stop();
    rmSync(folder, { recursive: true });
  });

  it('is connected to at the address that was checked, by each that sends, and never inside', async () => {
    const url = (path: string, name = 'a') => `http://${name}.rebinds.test:${port}/${path}`;
    const hook = (path: string, next: string) => ({
      ...{ type: 'webhook', request: { method: 'POST', url: url(path, path) }, response: { type: 'none' } },
      lines: { success: next, failure: next },
    });
    const flow = {
      ...{ hookline: 1, id: 'rebinds1', name: 'Rebinds', start: 'one', flowEndWebhook: true },
      widgets: {
        one: hook('one', 'two'),
        two: hook('two', 'three'),
        three: hook('three', 'set'),
        set: {
          type: 'storeVariable',
          assign: [{ saveIn: '$flow.key.longUrl', value: 'https://example.com/' }],
          lines: { next: 'link' },
        },
        link: { type: 'function', method: 'shortURL', lines: { success: 'link2', failure: 'link2' } },
        link2: { type: 'function', method: 'shortURL', lines: { success: 'sms', failure: 'sms' } },
        sms: { type: 'sms', to: '+49301234567', text: 'Hello', lines: { success: 'sms2', failure: 'sms2' } },
        sms2: { type: 'sms', to: '+49301234567', text: 'Hello', lines: { success: 'mail', failure: 'mail' } },
        mail: {
          type: 'email',
          to: 'a@example.com',
          subject: 's',
          text: 't',
          lines: { success: 'mail2', failure: 'mail2' },
        },
        mail2: { type: 'email', to: 'a@example.com', subject: 's', text: 't' },
      },
    };
    const account = {
      ...{ id: 1, httpEnabled: true, targetAllowList: [`${OUTSIDE}/32`] },
      functions: { shortURL: { url: url('function', 'f') } },
      sms: { url: url('sms', 's') },
      smtp: { host: 'm.rebinds.test', port, from: 'b@example.com' },
      defaultWebhook: { url: url('end', 'e') },
    };
    writeFileSync(join(folder, 'flow.json'), JSON.stringify(flow));
    writeFileSync(join(folder, 'account.json'), JSON.stringify(account));
    const files = [join(folder, 'flow.json'), '--account', join(folder, 'account.json')];
    const env = { ...process.env, HOOKLINE_HOME: folder, TEMPORAL_ADDRESS: '', DATABASE_URL: '', NO_COLOR: '1' };
    const run = await resolver.run([process.execPath, bin, 'run', ...files], env);
    expect(run.stdout, run.stderr).toMatch(/completed|hungUp/);
    for (let n = 0; n < 2; n += 1)
      await resolver.run([process.execPath, bin, 'webhook', 'test', files[0] ?? '', 'one', ...files.slice(1)], env);
    expect(looks).toBeGreaterThan(8);
    expect(reached).not.toContain('inside');
    // Those that were looked up in their turn got through, so the others were stopped by their address.
    for (const path of ['/one', '/function', '/sms']) expect(reached.join(), path).toContain(path);
  }, 120_000);
});

describe('a name server that does not answer', () => {
  it.skipIf(!allowed)('keeps the accounts waiting that ask for its names, and no other', async () => {
    const resolver = await OwnNames.start((name) => (name === 'quick.test' ? [INSIDE] : undefined));
    const ask = `
      const { addressesOf } = await import(${JSON.stringify(names)});
      for (let account = 1; account <= 12; account += 1)
        for (let n = 0; n < 20; n += 1) addressesOf(account, 'n' + n + '.slow' + account + '.test').catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const began = performance.now();
      const found = await addressesOf(99, 'quick.test');
      console.log(JSON.stringify({ found, ms: performance.now() - began }));
      process.kill(process.pid, 'SIGKILL');`;
    const env = { ...process.env, UV_THREADPOOL_SIZE: '64' };
    const { stdout } = await resolver.run([process.execPath, '--input-type=module', '-e', ask], env);
    await resolver.stop();
    const { found, ms } = JSON.parse(stdout) as { found: unknown; ms: number };
    expect(found).toEqual([{ address: INSIDE, family: 4 }]);
    // A lookup that is not answered takes 10 s.
    expect(ms).toBeLessThan(2000);
  });

  it('finds 64 threads in every process of the program, half of which look names up', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hookline-threads-'));
    const count = join(folder, 'count.cjs');
    writeFileSync(
      count,
      `process.on('exit', () => console.error(require('fs').readdirSync('/proc/self/task').length));`,
    );
    const env = { ...process.env, UV_THREADPOOL_SIZE: undefined };
    const { stderr } = spawnSync(process.execPath, ['--require', count, bin, '--version'], { env, encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(Number(stderr)).toBeGreaterThan(64);
  });
});
