import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR_KEY, type TestApi, testApi } from '../support/api.js';

const bin = fileURLToPath(new URL('../../bin/hookline.js', import.meta.url));
let api: TestApi;
let folder: string;
beforeAll(async () => {
  [api, folder] = await Promise.all([testApi(), mkdtemp(join(tmpdir(), 'hookline-flows-'))]);
  await api.send('POST', '/v1/accounts', { id: 4 });
  await mkdir(join(folder, 'ivr'));
});
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});

const write = (text: string, more: object = {}) =>
  writeFile(
    join(folder, 'ivr/flow.json'),
    JSON.stringify({
      hookline: 1,
      id: 'greeting',
      start: 'say',
      widgets: { say: { type: 'play', prompt: { text } } },
      ...more,
    }),
  );
const flows = (...args: string[]) => hookline('flows', ...args, '--account', '4');
const hookline = (...args: string[]) =>
  new Promise<{ code: number; out: string }>((resolve) => {
    const env = {
      ...process.env,
      HOOKLINE_API_URL: api.url,
      HOOKLINE_API_KEY: OPERATOR_KEY,
      HOOKLINE_HOME: folder,
      NO_COLOR: '1',
    };
    const child = execFile(process.execPath, [bin, ...args], { env, cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr }),
    );
    child.stdin?.end();
  });

describe('hookline flows', () => {
  it('push keeps a flow, shows how it differs from the version before, and keeps the same one only once', async () => {
    await write('Hello');
    await writeFile(join(folder, 'ivr/account.json'), '{"id": 4}');
    expect(await flows('push', '.')).toMatchObject({ code: 0, out: expect.stringContaining('kept as version 1') });
    expect(await flows('push', '.')).toMatchObject({ code: 0, out: expect.stringContaining('as kept, version 1') });
    await write('Good day');
    const { out } = await flows('push', '.');
    expect(out).toContain('-        "text": "Hello"');
    expect(out).toContain('+        "text": "Good day"');
    expect(out).toContain('kept as version 2');
    expect((await flows('list')).out).toContain('greeting  newest 2  not published');
  });

  it('push --publish asks before it publishes; where nobody can be asked it wants --yes', async () => {
    const refused = await flows('push', '.', '--publish');
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('NOT_AGREED') });
    expect(await api.store.flows.get(4, 'greeting')).toMatchObject({ published: null });
    expect((await flows('push', '.', '--publish', '--yes')).out).toContain('version 2 is published');
    expect((await flows('push', '.', '--publish', '--yes')).out).toContain('as published, version 2');
  });

  it('C2: publish and rollback change which version is published', async () => {
    expect((await flows('publish', 'greeting', '1')).out).toContain('version 1 is published');
    expect((await flows('rollback', 'greeting')).out).toContain('version 2 is published again');
    const { code, out } = await flows('rollback', 'greeting');
    expect([code, out]).toEqual([1, expect.stringContaining('API_REFUSED: NOTHING_TO_ROLL_BACK')]);
  });

  it('C4: a flow that is not valid is refused with every error, and nothing is published', async () => {
    await write('Hi', { sart: 'say', flowEndWebhook: true });
    const { code, out } = await flows('push', '.', '--publish', '--yes');
    expect(code).toBe(2);
    expect(out).toContain('/sart');
    expect(out).toContain('DEFAULT_WEBHOOK_MISSING');
    expect(await api.store.flows.get(4, 'greeting')).toMatchObject({ published: 2, newest: 2 });
  });

  it('says what to do when there is no API, or no flow', async () => {
    const env = { ...process.env, HOOKLINE_API_URL: '', HOOKLINE_HOME: folder };
    const { out } = await new Promise<{ out: string }>((resolve) =>
      execFile(process.execPath, [bin, 'flows', 'list', '--account', '4'], { env }, (_error, stdout, stderr) =>
        resolve({ out: stdout + stderr }),
      ),
    );
    expect(out).toContain('NO_API');
    await mkdir(join(folder, 'empty'));
    expect(await flows('push', 'empty')).toMatchObject({ code: 1, out: expect.stringContaining('no flow document') });
  });
});

describe('hookline dids', () => {
  it('B1: set gives a number to a flow, list shows it, delete takes it away', async () => {
    const line = /^(\d+) {2}912200000002 {2}account 4 {2}flow greeting\n$/;
    const given = await hookline('dids', 'set', '912200000002', '--account', '4', '--flow', 'greeting');
    const [, id = ''] = line.exec(given.out) ?? [];
    expect((await hookline('dids', 'list')).out).toMatch(line);
    expect(await hookline('dids', 'delete', id)).toMatchObject({ code: 0 });
    expect(await api.store.dids.target('912200000002')).toBeUndefined();
  });
});
