/** API and codec server over TLS and mutual TLS. */
import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../../src/api/api.js';
import { API_TLS, apiSettings } from '../../src/api/api-settings.js';
import { startCodecServer } from '../../src/codec-server/codec-server.js';
import { CODEC_TLS, codecServerSettings } from '../../src/codec-server/codec-server-settings.js';
import { httpBridgeSettings } from '../../src/telephony/http/bridge-http-settings.js';
import { codecSettings } from '../../src/temporal/codec/codec-settings.js';
import { plainWarning } from '../../src/crypto/tls-listener.js';
import { type Certificates, certificates, type Pair } from '../support/certificates.js';
import { testLog } from '../support/log.js';

let made: Certificates;
beforeAll(async () => {
  made = await certificates();
});
afterAll(() => made.remove());

/** The status of a GET, or the code of why there is none. */
function statusOf(url: string, as?: Pair, trusted = true): Promise<number | string> {
  const { cert, key } = as ?? {};
  return new Promise((resolve) => {
    const options = { agent: false as const, ...(trusted && { ca: made.ca.cert }), ...(as && { cert, key }) };
    request(url, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      .end();
  });
}

const LISTENERS = [
  {
    name: 'the API',
    names: API_TLS,
    start: (env: NodeJS.ProcessEnv) => {
      const nothing = { client: { options: {} } as Client, searchAttributes: false, log: testLog() };
      return startApi({ ...nothing, ...apiSettings(env), http: httpBridgeSettings({}), port: 0 });
    },
  },
  {
    name: 'the codec server',
    names: CODEC_TLS,
    start: (env: NodeJS.ProcessEnv) => {
      const codec = codecSettings({ HOOKLINE_CODEC_KEYS: `k=${randomBytes(32).toString('base64')}` });
      if (!codec) throw new Error('There is no codec.');
      return startCodecServer({ ...codecServerSettings(env), codec, port: 0, say: () => undefined });
    },
  },
];

describe.each(LISTENERS)('$name', ({ names, start }) => {
  const served = () => ({ [names.cert]: made.server.certFile, [names.key]: made.server.keyFile });

  it('speaks TLS with its certificate, and nothing else', async () => {
    const server = await start(served());
    const { url } = server;
    expect(url).toMatch(/^https:/);
    expect(await statusOf(`${url}/nothing`)).toBe(404);
    expect(await statusOf(`${url}/nothing`, undefined, false)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    await expect(fetch(url.replace('https:', 'http:'))).rejects.toThrow();
    await server.stop();
  });

  it('takes with a CA of clients only those that have a certificate of it', async () => {
    const server = await start({ ...served(), [names.clientCa]: made.ca.certFile });
    const { url } = server;
    expect(await statusOf(`${url}/nothing`, made.client)).toBe(404);
    expect(await statusOf(`${url}/nothing`)).toMatch(/ERR_SSL_|ECONNRESET|EPIPE/);
    expect(await statusOf(`${url}/nothing`, made.stranger)).toMatch(/ERR_SSL_|ECONNRESET|EPIPE/);
    await server.stop();
  });

  it('TLS_INVALID: does not start with a file that is not there, half of a pair, or a key of another', () => {
    const { client, folder } = made;
    for (const env of [
      { [names.cert]: `${folder}/none`, [names.key]: `${folder}/none` },
      { [names.cert]: made.server.certFile },
      { [names.clientCa]: made.ca.certFile },
      { ...served(), [names.key]: client.keyFile },
    ])
      expect(() => start(env)).toThrow(expect.objectContaining({ code: 'TLS_INVALID' }));
  });

  it('PLAIN_LISTENER: it warns when others can reach it without TLS, unless a proxy is said to speak it', () => {
    const [tls, others] = [{} as never, '0.0.0.0'];
    const warning = (host: string, more: object = {}) =>
      plainWarning({ host, tls: null, tlsProxy: false, ...more }, names);
    expect(warning(others)).toMatch(new RegExp(`^PLAIN_LISTENER: .*${names.cert}`));
    expect(warning('192.0.2.1')).not.toBeNull();
    for (const fine of [
      warning('127.0.0.1'),
      warning('::1'),
      warning(others, { tls }),
      warning(others, { tlsProxy: true }),
    ])
      expect(fine).toBeNull();
  });
});

it('both listen on this machine alone when nothing is said', () => {
  expect([apiSettings({}).host, codecServerSettings({}).host]).toEqual(['127.0.0.1', '127.0.0.1']);
  expect(apiSettings({ HOOKLINE_TLS_PROXY: 'on' }).tlsProxy).toBe(true);
  expect(() => apiSettings({ HOOKLINE_TLS_PROXY: 'yes' })).toThrow(expect.objectContaining({ code: 'TLS_INVALID' }));
});
