import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuredDataConverter, FAILURE_CONVERTER } from './data-converter.js';
import { codecSettings, requiredCodec } from './codec-settings.js';

const key = randomBytes(32).toString('base64');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-codec-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the settings of the codec', () => {
  it('are keys in the environment, or in a file', async () => {
    const file = join(folder, 'keys');
    await writeFile(file, `from-file=${key}\nold=${randomBytes(32).toString('base64')}\n`);
    expect(codecSettings({ HOOKLINE_CODEC_KEYS: `a=${key}` })?.keyId).toBe('a');
    expect(codecSettings({ HOOKLINE_CODEC_KEYS_FILE: file })?.keyId).toBe('from-file');
    expect(codecSettings({ HOOKLINE_CODEC_KEYS: '', HOOKLINE_CODEC_KEYS_FILE: '', HOOKLINE_CODEC: '' })).toBeNull();
  });

  it('are required in production, unless it is told to go without', () => {
    expect(() => requiredCodec({})).toThrow(expect.objectContaining({ code: 'CODEC_REQUIRED' }));
    expect(requiredCodec({ HOOKLINE_CODEC: 'off' })).toBeNull();
    expect(requiredCodec({ HOOKLINE_CODEC_KEYS: `a=${key}` })?.encrypts).toBe(true);
  });

  it('with keys and off: it only decrypts', () => {
    const env = { HOOKLINE_CODEC_KEYS: `a=${key}`, HOOKLINE_CODEC: 'off' };
    expect(requiredCodec(env)?.encrypts).toBe(false);
    expect(configuredDataConverter(env).failureConverterPath).toBeUndefined();
  });

  it('are refused when they are not valid, and told without a key', () => {
    const invalid = expect.objectContaining({ code: 'CODEC_KEYS_INVALID', message: expect.not.stringContaining(key) });
    expect(() => codecSettings({ HOOKLINE_CODEC_KEYS: `a:${key}` })).toThrow(invalid);
    expect(() => codecSettings({ HOOKLINE_CODEC_KEYS_FILE: join(folder, 'nowhere') })).toThrow(invalid);
    expect(() => codecSettings({ HOOKLINE_CODEC: 'maybe', HOOKLINE_CODEC_KEYS: `a=${key}` })).toThrow(invalid);
  });

  it('make a converter that hides failures too, and without keys one that leaves all as it is', async () => {
    const without = configuredDataConverter({});
    const plain = [{ data: Buffer.from('x') }];
    expect(without.failureConverterPath).toBeUndefined();
    expect(await without.payloadCodecs?.[0]?.encode(plain)).toEqual(plain);
    const { failureConverterPath, payloadCodecs } = configuredDataConverter({ HOOKLINE_CODEC_KEYS: `a=${key}` });
    expect(failureConverterPath).toBe(FAILURE_CONVERTER);
    expect(payloadCodecs).toHaveLength(1);
  });
});
