import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { HeldSecret } from '../engine/held-secret.js';
import { SecretReader, type StoredSecrets } from './secret-reader.js';
import type { SecretSettings } from './secret-settings.js';

/** Of the account whose secrets are read. */
const ACCOUNT = 163;
let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hookline-secrets-'));
  folder = join(root, String(ACCOUNT));
  await mkdir(join(folder, '..data'), { recursive: true });
  await mkdir(join(root, '164'));
  await writeFile(join(root, '164', 'api'), 'of another account');
  await writeFile(join(root, 'outside'), 'of nobody');
  await writeFile(join(folder, 'api'), 'of-the-file\n');
});
afterAll(() => rm(root, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const read = (reference: HeldSecret, settings: Partial<SecretSettings> = {}, store?: StoredSecrets) =>
  new SecretReader({ places: 'own', secretsDir: root, ...settings }, store).read('api', {
    accountId: ACCOUNT,
    secrets: { api: reference },
  });
const refused = { code: 'SECRET_UNAVAILABLE' };

describe('W3, D3: a secret of an account', () => {
  it('is a variable with its prefix, or a file below its folder, without its last line break', async () => {
    vi.stubEnv('HOOKLINE_SECRET_163_API', 'of-the-variable');
    expect(await read({ env: 'HOOKLINE_SECRET_163_API' })).toBe('of-the-variable');
    expect(await read({ file: 'api' })).toBe('of-the-file');
    expect(await read({ file: join(folder, 'api') })).toBe('of-the-file');
  });

  it('may be a link that stays in the folder, as Kubernetes makes them', async () => {
    await writeFile(join(folder, '..data', 'linked'), 'rotated');
    await symlink('..data/linked', join(folder, 'linked'));
    expect(await read({ file: 'linked' })).toBe('rotated');
  });

  it('D1: is UTF-8; a byte order mark is no part of it, and other bytes make none', async () => {
    await writeFile(join(folder, 'utf8'), '\uFEFFpässword\n');
    expect(await read({ file: 'utf8' })).toBe('pässword');
    await writeFile(join(folder, 'latin1'), Buffer.from('pässword', 'latin1'));
    await expect(read({ file: 'latin1' })).rejects.toMatchObject({
      ...refused,
      message: 'The secret "api" is not available: its file is not UTF-8 (line 1, column 2).',
    });
  });

  it('is no variable of another account, of the engine or of the machine', async () => {
    vi.stubEnv('HOOKLINE_SECRET_1634_API', 'x');
    vi.stubEnv('HOOKLINE_SECRET_16_API', 'x');
    vi.stubEnv('HOOKLINE_SECRET_163_', 'x');
    const names = [
      'HOOKLINE_SECRET_1634_API',
      'HOOKLINE_SECRET_16_API',
      'HOOKLINE_SECRET_163_',
      'PATH',
      'DATABASE_URL',
    ];
    for (const env of names) await expect(read({ env }), env).rejects.toMatchObject(refused);
  });

  it('is no file outside of its folder, by whichever spelling', async () => {
    await symlink('/etc/passwd', join(folder, 'link'));
    await symlink('../164', join(folder, 'folder'));
    await symlink('/proc/self/environ', join(folder, 'environ'));
    const relative = [
      '../164/api',
      '../outside',
      'x/../../outside',
      './../outside',
      '..',
      '.',
      '',
      'link',
      'folder/api',
    ];
    const absolute = [join(root, 'outside'), join(root, '164/api'), join(folder, '../outside'), `${folder}-x/api`];
    const system = ['/etc/passwd', '//etc/passwd', '/proc/self/environ', '/proc/self/root/etc/passwd', '/dev/stdin'];
    const odd = ['environ', 'api\0', '\\etc\\passwd', '..\\outside', 'file:///etc/passwd', '%2e%2e/outside'];
    for (const file of [...relative, ...absolute, ...system, ...odd])
      await expect(read({ file }), JSON.stringify(file)).rejects.toMatchObject(refused);
  });

  it('is a regular file: a device, a FIFO, a socket and a folder are refused at once, and hold no thread', async () => {
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    const server = createServer().listen(join(folder, 'socket'));
    await mkdir(join(folder, 'inner'));
    for (const device of ['ptmx', 'zero', 'null', 'tty']) await symlink(`/dev/${device}`, join(folder, device));
    const files = ['fifo', 'socket', 'inner', 'ptmx', 'zero', 'null', 'tty'];
    const anywhere = { places: 'anywhere' } as const;
    const start = performance.now();
    const tries = files.flatMap((file) => Array.from({ length: 12 }, () => file));
    const all = tries.flatMap((file) => [read({ file }), read({ file: join(folder, file) }, anywhere)]);
    for (const one of await Promise.allSettled(all)) expect(one).toMatchObject({ status: 'rejected', reason: refused });
    expect(await read({ file: 'api' })).toBe('of-the-file');
    expect(performance.now() - start).toBeLessThan(2500);
    server.close();
  });

  it('is no larger than 64 KiB', async () => {
    await writeFile(join(folder, 'fits'), 'x'.repeat(65_536));
    await writeFile(join(folder, 'large'), 'x'.repeat(65_537));
    expect(await read({ file: 'fits' })).toHaveLength(65_536);
    await expect(read({ file: 'large' })).rejects.toMatchObject({ message: expect.stringContaining('64 KiB') });
  });

  it('is no file while the deployment has no folder for secrets', async () => {
    const message =
      'The secret "api" is not available: it is a file, and HOOKLINE_SECRETS_DIR is not set on the worker.';
    await expect(read({ file: 'api' }, { secretsDir: null })).rejects.toMatchObject({ message });
  });
});

describe('D3: secrets that lie elsewhere', () => {
  it('HOOKLINE_SECRETS=anywhere reads what an account names', async () => {
    vi.stubEnv('ORDERS_KEY', 'k');
    expect(await read({ env: 'ORDERS_KEY' }, { places: 'anywhere' })).toBe('k');
    expect(await read({ file: join(root, 'outside') }, { places: 'anywhere' })).toBe('of nobody');
  });

  it('a document of the command line reads as before, an account of the store beside it does not', async () => {
    vi.stubEnv('ORDERS_KEY', 'k');
    const settings = { places: 'commandLine' } as const;
    expect(await read({ env: 'ORDERS_KEY', local: true }, settings)).toBe('k');
    await expect(read({ env: 'ORDERS_KEY' }, settings)).rejects.toMatchObject(refused);
    await expect(read({ env: 'ORDERS_KEY', local: true })).rejects.toMatchObject(refused);
  });

  it('C4: what an account named before 0.7 is read, and nothing else of it', async () => {
    vi.stubEnv('ORDERS_KEY', 'k');
    const former = (reference: HeldSecret) => 'env' in reference && reference.env === 'ORDERS_KEY';
    const store = {
      value: async () => undefined,
      hadBefore: async (_id: number, _name: string, one: HeldSecret) => former(one),
    };
    expect(await read({ env: 'ORDERS_KEY' }, {}, store)).toBe('k');
    await expect(read({ env: 'PATH' }, {}, store)).rejects.toMatchObject(refused);
  });

  it.each([
    ...['HOOKLINE_CODEC_KEYS', 'HOOKLINE_CODEC_TOKEN', 'HOOKLINE_BRIDGE_SECRET'],
    ...['HOOKLINE_OPERATOR_KEY', 'DATABASE_URL', 'TEMPORAL_API_KEY'],
  ])('C6: %s is the engine’s own, anywhere', async (env) => {
    vi.stubEnv(env, 'its own');
    await expect(read({ env }, { places: 'anywhere' })).rejects.toMatchObject(refused);
  });

  it.each(['HOOKLINE_CODEC_KEYS_FILE', 'HOOKLINE_BRIDGE_SECRET_FILE', 'HOOKLINE_OPERATOR_KEY_FILE'])(
    'C6: the file that %s names is the engine’s own, anywhere and through a link',
    async (setting) => {
      const [file, link] = [join(root, setting), join(root, `${setting}-link`)];
      await writeFile(file, 'its own');
      await symlink(file, link);
      vi.stubEnv(setting, file);
      for (const path of [file, link])
        await expect(read({ file: path }, { places: 'anywhere' })).rejects.toMatchObject(refused);
    },
  );

  it('C6: neither the environment in /proc nor the stack’s key is read, anywhere', async () => {
    const anywhere = { places: 'anywhere' } as const;
    await expect(read({ file: '/proc/self/environ' }, anywhere)).rejects.toMatchObject(refused);
    vi.stubEnv('HOOKLINE_HOME', root);
    await writeFile(join(root, 'operator-key'), 'its own');
    await expect(read({ file: join(root, 'operator-key') }, anywhere)).rejects.toMatchObject(refused);
  });
});

describe('D3: a stored secret', () => {
  const store = (value: string | undefined): StoredSecrets => ({
    value: async () => value,
    hadBefore: async () => false,
  });

  it('comes from the store, and says why it cannot be read', async () => {
    expect(await read({ stored: true }, {}, store('sealed'))).toBe('sealed');
    await expect(read({ stored: true }, {}, store(undefined))).rejects.toMatchObject({
      message: 'The secret "api" is not available: the store has no value of it yet.',
    });
    await expect(read({ stored: true })).rejects.toMatchObject({
      message: 'The secret "api" is not available: it is stored, and this process has no store (DATABASE_URL).',
    });
  });
});
