import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterEach, describe, expect, it } from 'vitest';
import { KeyRing } from '../crypto/key-ring.js';
import { EncryptingCodec } from '../temporal/codec/payload-codec.js';
import { writePayloads } from './payloads.js';
import { type CodecServerOptions, type RunningCodecServer, startCodecServer } from './codec-server.js';

const UI = 'http://localhost:8233';
const TOKEN = 'a token of some length'.replaceAll(' ', '-');
const keys = `k1=${randomBytes(32).toString('base64')}`;
const codec = new EncryptingCodec(KeyRing.parse(keys, 'THERE'));

const running: RunningCodecServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())));
async function start(options: Partial<CodecServerOptions> = {}): Promise<string> {
  const common = { host: '127.0.0.1', port: 0, origins: new Set([UI]), token: null, codec, say: () => undefined };
  const server = await startCodecServer({ ...common, ...options });
  running.push(server);
  return server.url;
}

const plain = (value: unknown) => writePayloads([defaultPayloadConverter.toPayload(value)]);
const sealed = async (value: unknown) => writePayloads(await codec.encode([defaultPayloadConverter.toPayload(value)]));
const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const problemOf = async (answer: Response) => {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const { status, code } = (await answer.json()) as { status: number; code: string };
  return `${status} ${code}`;
};

describe('C6: the codec server', () => {
  it("decrypts, and encrypts, as Temporal's protocol says; what is not encrypted comes back as it was", async () => {
    const url = await start();
    const value = { number: '919800000001' };
    expect(await (await post(`${url}/decode`, await sealed(value))).json()).toEqual(plain(value));
    expect(await (await post(`${url}/decode`, plain('x'))).json()).toEqual(plain('x'));
    const encoded = await post(`${url}/encode`, plain(value), { 'x-namespace': 'default' });
    const text = await encoded.text();
    expect(text).not.toContain(Buffer.from('number').toString('base64').slice(0, 6));
    expect(await (await post(`${url}/decode`, text)).json()).toEqual(plain(value));
    for (const nothing of [{ payloads: [] }, {}])
      expect(await (await post(`${url}/decode`, nothing)).json()).toEqual({ payloads: [] });
  });

  it('says PAYLOAD_UNREADABLE of a key that it does not have', async () => {
    const other = KeyRing.parse(`k2=${randomBytes(32).toString('base64')}`, 'THERE');
    const url = await start({ codec: new EncryptingCodec(other) });
    expect(await problemOf(await post(`${url}/decode`, await sealed('x')))).toBe('422 PAYLOAD_UNREADABLE');
  });

  it('refuses what is no list of payloads, too large, or no JSON', async () => {
    const url = await start();
    const wrong = [
      '{',
      '[]',
      'null',
      { payloads: {} },
      { payloads: [1] },
      { payloads: [{ data: 1 }] },
      { payloads: [{ metadata: [] }] },
    ];
    for (const body of [...wrong, { payloads: [{ data: '*' }] }, { payloads: [{ data: { length: 3 } }] }])
      expect(await problemOf(await post(`${url}/decode`, body))).toBe('400 PAYLOADS_INVALID');
    const large = { payloads: [{ data: 'A'.repeat(9_000_000) }] };
    expect(await problemOf(await post(`${url}/decode`, large))).toBe('413 PAYLOADS_INVALID');
    const text = await post(`${url}/decode`, await sealed('x'), { 'content-type': 'text/plain' });
    expect(await problemOf(text)).toBe('415 PAYLOADS_INVALID');
    expect(await problemOf(await fetch(`${url}/decode`))).toBe('404 ROUTE_UNKNOWN');
  });
});

describe('who may ask the codec server', () => {
  it('with a token: who brings it, to the letter', async () => {
    const url = await start({ token: TOKEN });
    const ask = async (authorization?: string) =>
      post(`${url}/decode`, await sealed('x'), authorization === undefined ? {} : { authorization });
    for (const wrong of [undefined, '', 'Bearer', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`]) {
      const answer = await ask(wrong);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(await problemOf(answer)).toBe('401 TOKEN_INVALID');
    }
    expect(await (await ask(`Bearer ${TOKEN}`)).json()).toEqual(plain('x'));
  });

  it('without one: this machine under its own name, so that no page reaches it by a name that points here', async () => {
    await expect(start({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'CODEC_SERVER_OPEN' });
    const url = await start();
    const headers = { host: 'evil.example.com', 'content-type': 'application/json' };
    const status = await new Promise((resolve) => {
      const asked = request(`${url}/decode`, { method: 'POST', headers }, (answer) => resolve(answer.statusCode));
      asked.end('{"payloads":[]}');
    });
    expect(status).toBe(401);
  });

  it('a browser: for the pages that were named, and no other', async () => {
    const url = await start({ token: TOKEN });
    const asks = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
    const preflight = await fetch(`${url}/decode`, { method: 'OPTIONS', headers: { origin: UI, ...asks } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(UI);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-namespace');
    const authorization = `Bearer ${TOKEN}`;
    const answer = await post(`${url}/decode`, await sealed('x'), { origin: UI, authorization });
    expect(answer.headers.get('access-control-allow-origin')).toBe(UI);
    for (const origin of ['http://evil.example.com', 'http://localhost:8234', 'null']) {
      const refused = await fetch(`${url}/decode`, { method: 'OPTIONS', headers: { origin, ...asks } });
      expect(refused.headers.get('access-control-allow-origin')).toBeNull();
      expect(await problemOf(refused)).toBe('403 ORIGIN_REFUSED');
      const sent = await post(`${url}/decode`, await sealed('x'), { origin, authorization });
      expect(await problemOf(sent)).toBe('403 ORIGIN_REFUSED');
    }
  });
});
