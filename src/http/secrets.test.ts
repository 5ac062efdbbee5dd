import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { resolveSecret } from './secrets.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-secrets-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

describe('W3, C6: a secret of an account', () => {
  it('is a variable or a file of the worker', async () => {
    vi.stubEnv('ORDERS_KEY', 'of-the-variable');
    await writeFile(join(folder, 'secret'), 'of-the-file\n');
    expect(await resolveSecret('api', { api: { env: 'ORDERS_KEY' } })).toBe('of-the-variable');
    expect(await resolveSecret('api', { api: { file: join(folder, 'secret') } })).toBe('of-the-file');
  });

  it('D1: a file is UTF-8; a byte order mark is no part of the secret, and other bytes make none', async () => {
    const file = join(folder, 'windows');
    await writeFile(file, '\uFEFFpässword\r\n');
    expect(await resolveSecret('api', { api: { file } })).toBe('pässword');
    await writeFile(file, Buffer.from('pässword', 'latin1'));
    await expect(resolveSecret('api', { api: { file } })).rejects.toMatchObject({
      code: 'SECRET_UNAVAILABLE',
      message: 'The secret "api" is not available: its file is not UTF-8 (line 1, column 2).',
    });
  });

  it.each([
    ...['HOOKLINE_CODEC_KEYS', 'HOOKLINE_CODEC_TOKEN', 'HOOKLINE_BRIDGE_SECRET'],
    ...['HOOKLINE_OPERATOR_KEY', 'HOOKLINE_API_KEY', 'DATABASE_URL'],
  ])('is never the variable %s, by which the engine itself lives', async (env) => {
    vi.stubEnv(env, 'the-key');
    await expect(resolveSecret('api', { api: { env } })).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' });
  });

  it.each(['HOOKLINE_CODEC_KEYS_FILE', 'HOOKLINE_BRIDGE_SECRET_FILE', 'HOOKLINE_OPERATOR_KEY_FILE'])(
    'is never the file of %s, by whatever path',
    async (variable) => {
      const [file, other] = [join(folder, variable), join(folder, `link-to-${variable}`)];
      await writeFile(file, 'the-key');
      await symlink(file, other);
      vi.stubEnv(variable, file);
      for (const path of [file, other, join(folder, '.', 'x', '..', variable)])
        await expect(resolveSecret('api', { api: { file: path } })).rejects.toMatchObject({
          code: 'SECRET_UNAVAILABLE',
        });
    },
  );

  it('is never the environment of a process', async () => {
    const environment = resolveSecret('api', { api: { file: '/proc/self/environ' } });
    await expect(environment).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' });
  });

  it('is never the operator’s key of a development stack', async () => {
    vi.stubEnv('HOOKLINE_HOME', folder);
    await writeFile(join(folder, 'operator-key'), 'the-key');
    await expect(resolveSecret('api', { api: { file: join(folder, 'operator-key') } })).rejects.toMatchObject({
      code: 'SECRET_UNAVAILABLE',
    });
  });
});
