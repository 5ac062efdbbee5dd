import { createDecipheriv, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import proto from '@temporalio/proto';
import { describe, expect, it } from 'vitest';
import { CODEC_PORT, codecServerSettings } from '../../src/codec-server/codec-server-settings.js';
import { KeyRing } from '../../src/crypto/key-ring.js';
import { EncryptingCodec } from '../../src/temporal/codec/payload-codec.js';

const page = await readFile(new URL('../../docs/reference/encryption.md', import.meta.url), 'utf8');
const secret = randomBytes(32);

/** A codec in another language, made from what the page says alone. */
function decrypted({ metadata, data }: proto.temporal.api.common.v1.IPayload): proto.temporal.api.common.v1.Payload {
  const text = (name: string) => Buffer.from(metadata?.[name] ?? []).toString();
  const [, encoding = ''] = /`encoding` = `([^`]+)`/.exec(page) ?? [];
  const [, bound = ''] = /additional authenticated data is `([^`]+)`, a line feed, and the id/.exec(page) ?? [];
  const [nonceBytes = 0, tagBytes = 0] = [...page.matchAll(/^\| (\d+) \| /gm)].map(([, bytes]) => Number(bytes));
  expect(text('encoding')).toBe(encoding);
  const sealed = Buffer.from(data ?? []);
  const cipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, nonceBytes));
  cipher.setAAD(Buffer.from(`${bound}\n${text('key-id')}`)).setAuthTag(sealed.subarray(-tagBytes));
  const plain = Buffer.concat([cipher.update(sealed.subarray(nonceBytes, -tagBytes)), cipher.final()]);
  const body = plain[0] === 1 ? inflateRawSync(plain.subarray(1)) : plain.subarray(1);
  return proto.temporal.api.common.v1.Payload.decode(body);
}

describe('docs/reference/encryption.md', () => {
  it.each(['short', 'long '.repeat(1000)])('tells enough of the format to read a payload: %.5s', async (value) => {
    const codec = new EncryptingCodec(KeyRing.parse(`k1=${secret.toString('base64')}`, 'THERE'));
    const payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(value)) };
    const [encrypted] = await codec.encode([payload]);
    const { metadata, data } = decrypted(encrypted ?? {});
    expect(Buffer.from(metadata.encoding ?? []).toString()).toBe('json/plain');
    expect(Buffer.from(data).toString()).toBe(JSON.stringify(value));
  });

  it('makes a key that is one', () => {
    expect(page).toContain('HOOKLINE_CODEC_KEYS="2026-01=$(openssl rand -base64 32)"');
    expect(KeyRing.parse(`2026-01=${secret.toString('base64')}`, 'THERE').current.id).toBe('2026-01');
  });

  it('names the address and the origins that the codec server has by default', () => {
    expect(page).toContain(`http://127.0.0.1:${CODEC_PORT}`);
    expect(page).toContain(`\`${[...codecServerSettings({}).origins].join(',')}\``);
  });
});
