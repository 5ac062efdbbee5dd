import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { flowOf } from '../support/rig.js';
import { answer, Target } from '../support/target.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
let target: Target;
let folder: string;
beforeAll(async () => {
  target = await Target.start();
  folder = await mkdtemp(join(tmpdir(), 'hookline-webhook-'));
});
afterAll(async () => {
  await target.stop();
  await rm(folder, { recursive: true, force: true });
});

it('W8: each run of `webhook test` has an Idempotency-Key of its own: none is answered with the outcome of another', async () => {
  target.on('/', answer(200));
  const lookup = {
    type: 'webhook',
    request: { method: 'GET', url: target.url('/') },
    lines: { success: 'bye', failure: 'bye' },
  };
  const flow = join(folder, 'flow.json');
  const account = join(folder, 'account.json');
  await writeFile(flow, JSON.stringify(flowOf({ lookup, bye: { type: 'hangUp' } })));
  await writeFile(account, JSON.stringify({ id: 1, httpEnabled: true, targetAllowList: ['127.0.0.1'] }));
  const command = ['bin/hookline.js', 'webhook', 'test', flow, 'lookup', '--account', account];
  for (let time = 0; time < 2; time++) await promisify(execFile)(process.execPath, command, { cwd: root });
  const keys = target.of('/').map(({ headers }) => headers['idempotency-key']);
  expect(keys).toEqual([expect.stringMatching(/^test\/lookup\/./), expect.stringMatching(/^test\/lookup\/./)]);
  expect(new Set(keys).size).toBe(2);
});
