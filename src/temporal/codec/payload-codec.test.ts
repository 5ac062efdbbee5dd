import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { KeyRing } from '../../crypto/key-ring.js';
import { EncryptingCodec } from './payload-codec.js';

const secret = () => randomBytes(32).toString('base64');
const codecOf = (keys: string, encrypts?: boolean) => new EncryptingCodec(KeyRing.parse(keys, 'THERE'), encrypts);
const payloadOf = (value: unknown) => defaultPayloadConverter.toPayload(value);
const valueOf = (payload: Payload | undefined) => defaultPayloadConverter.fromPayload(payload!);
const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('latin1');
const bytesOf = ({ data }: Payload) => data ?? new Uint8Array();
const keys = `k1=${secret()}`;

async function encrypted(value: unknown, codec = codecOf(keys)): Promise<Payload> {
  const [payload] = await codec.encode([payloadOf(value)]);
  return payload!;
}

describe('C6: the codec', () => {
  const values = { 'an object': { number: '919800000001' }, 'a text': 'ä'.repeat(5000), nothing: null, undefined };

  it.each(Object.entries(values))('gives back %s, its metadata included', async (_name, value) => {
    const codec = codecOf(keys);
    const before = payloadOf(value);
    const [after] = await codec.decode(await codec.encode([before]));
    expect(valueOf(after)).toEqual(value);
    expect(text(after?.metadata?.encoding)).toBe(text(before.metadata?.encoding));
  });

  it('gives back bytes that do not compress, and a list in its order', async () => {
    const codec = codecOf(keys);
    const list = [new Uint8Array(randomBytes(3000)), 'second', new Uint8Array()];
    const back = await codec.decode(await codec.encode(list.map(payloadOf)));
    expect(back.map((payload) => [...new Uint8Array(valueOf(payload) as never)])).toEqual(
      list.map((one) => [...new Uint8Array(one as never)]),
    );
    expect(valueOf(back[1])).toBe('second');
    expect(await codec.encode([])).toEqual([]);
  });

  it('shows nothing but that it is encrypted, and the id of the key', async () => {
    const payload = await encrypted({ number: '919800000001' });
    const metadata = Object.entries(payload.metadata ?? {}).map(([name, value]) => [name, text(value)]);
    expect(Object.fromEntries(metadata)).toEqual({ encoding: 'binary/encrypted', 'key-id': 'k1' });
    expect(text(payload.data)).not.toMatch(/9198|number|json/);
  });

  it('encrypts the same value differently each time', async () => {
    expect(text((await encrypted('same')).data)).not.toBe(text((await encrypted('same')).data));
  });

  it('makes what repeats itself smaller, and what does not hardly larger', async () => {
    const prompts = Array.from({ length: 100 }, (_one, index) => ({ widget: `say${index}`, text: 'Please hold' }));
    expect(bytesOf(await encrypted(prompts)).length).toBeLessThan(bytesOf(payloadOf(prompts)).length / 3);
    const noise = new Uint8Array(randomBytes(10_000));
    expect(bytesOf(await encrypted(noise)).length).toBeLessThan(noise.length + 100);
  });

  it('reads what older keys encrypted, and encrypts with the first: so keys are rotated', async () => {
    const [before, next] = [`old=${secret()}`, `new=${secret()}`];
    const payload = await encrypted('from before', codecOf(before));
    const rotated = codecOf(`${next},${before}`);
    expect(valueOf((await rotated.decode([payload]))[0])).toBe('from before');
    expect(text((await encrypted('new', rotated)).metadata?.['key-id'])).toBe('new');
  });

  it('leaves what is not encrypted as it is, so that calls from before it was on go on', async () => {
    const plain = payloadOf({ plain: true });
    expect(await codecOf(keys).decode([plain])).toEqual([plain]);
  });

  it('that is off encrypts nothing, and still reads', async () => {
    const off = codecOf(keys, false);
    const plain = payloadOf('plain');
    expect(await off.encode([plain])).toEqual([plain]);
    expect(valueOf((await off.decode([await encrypted('sealed')]))[0])).toBe('sealed');
    expect([off.keyId, codecOf(keys).keyId]).toEqual([null, 'k1']);
  });
});

describe('PAYLOAD_UNREADABLE', () => {
  const refused = (payload: Payload, codec = codecOf(keys)) => expect(codec.decode([payload])).rejects;

  it('is said of a key that is not there, by its id', async () => {
    const payload = await encrypted('x');
    const failure = { code: 'PAYLOAD_UNREADABLE', message: expect.stringContaining('the key k1') };
    await refused(payload, codecOf(`k2=${secret()}`)).toMatchObject(failure);
    await refused(payload, codecOf(`k1=${secret()}`)).toMatchObject(failure);
    await refused(payload, new EncryptingCodec(null)).toMatchObject(failure);
  });

  it('is said of every payload in which a single byte was changed, or that was cut', async () => {
    const payload = await encrypted({ number: '919800000001' });
    const sealed = Buffer.from(bytesOf(payload));
    for (let place = 0; place < sealed.length; place++) {
      const changed = Buffer.from(sealed);
      changed[place]! ^= 1;
      await refused({ ...payload, data: changed }).toMatchObject({ code: 'PAYLOAD_UNREADABLE' });
    }
    for (const length of [0, 12, 28, sealed.length - 1])
      await refused({ ...payload, data: sealed.subarray(0, length) }).toMatchObject({ code: 'PAYLOAD_UNREADABLE' });
  });

  it('is said when the id of the key was changed, even to one with the same key', async () => {
    const key = secret();
    const payload = await encrypted('x', codecOf(`a=${key}`));
    const renamed = { ...payload, metadata: { ...payload.metadata, 'key-id': Buffer.from('b') } };
    await refused(renamed, codecOf(`a=${key},b=${key}`)).toMatchObject({ code: 'PAYLOAD_UNREADABLE' });
  });

  it('repeats no id that is none of ours', async () => {
    const payload = await encrypted('x');
    const strange = { ...payload, metadata: { ...payload.metadata, 'key-id': Buffer.from('919800000001\n<b>') } };
    await refused(strange).toMatchObject({ message: expect.not.stringContaining('9198') });
  });
});
