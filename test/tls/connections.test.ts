/** Temporal and PostgreSQL over TLS. */
import '../support/runtime.js';
import { createConnection, type AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { configuredStore } from '../../src/store/source.js';
import { connectNative } from '../../src/temporal/connect-native.js';
import { connectClient } from '../../src/temporal/connect.js';
import { type DevServer, startDevServer } from '../../src/temporal/servers/dev-server.js';
import { temporalTransport } from '../../src/temporal/server-access.js';
import { type Certificates, certificates } from '../support/certificates.js';
import { startPostgres, type TestDatabase } from '../support/databases.js';

let made: Certificates;
beforeAll(async () => {
  made = await certificates();
});
afterAll(() => made.remove());
afterEach(() => vi.unstubAllEnvs());

describe('Temporal, behind a proxy that speaks TLS and wants a certificate', () => {
  let server: DevServer;
  let proxy: Server;
  let address: string;
  beforeAll(async () => {
    server = await startDevServer({ say: () => undefined });
    const port = Number(server.address.split(':')[1]);
    const { cert, key } = made.server;
    const options = { cert, key, ca: made.ca.cert, requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] };
    proxy = createServer(options, (client) => {
      const plain = createConnection({ host: '127.0.0.1', port });
      client.pipe(plain).pipe(client);
      for (const socket of [client, plain]) socket.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    address = `localhost:${(proxy.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    proxy.close();
    await server.stop();
  });
  const set = (env: Record<string, string>) => {
    for (const [name, value] of Object.entries({ TEMPORAL_ADDRESS: address, ...env })) vi.stubEnv(name, value);
  };
  const ca = () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: made.ca.certFile });
  const client = ({ certFile, keyFile } = made.client) => ({
    ...{ TEMPORAL_TLS_CLIENT_CERT_PATH: certFile, TEMPORAL_TLS_CLIENT_KEY_PATH: keyFile },
  });

  it('client and worker connect with the CA and a certificate of their own', async () => {
    set({ ...ca(), ...client() });
    const { connection } = await connectClient(address, server.namespace);
    const native = await connectNative(address);
    for (const one of [connection, native]) {
      const { namespaceInfo } = await one.workflowService.describeNamespace({ namespace: server.namespace });
      expect(namespaceInfo?.name).toBe(server.namespace);
      await one.close();
    }
  });

  it('they do not without a certificate, with one of a stranger, or when nobody vouches for the server', async () => {
    for (const env of [ca(), { ...ca(), ...client(made.stranger) }, client()]) {
      set({
        TEMPORAL_TLS_SERVER_CA_CERT_PATH: '',
        TEMPORAL_TLS_CLIENT_CERT_PATH: '',
        TEMPORAL_TLS_CLIENT_KEY_PATH: '',
      });
      set(env);
      await expect(connectNative(address)).rejects.toThrow();
    }
  });
});

describe('the settings of TLS to Temporal', () => {
  const at = { TEMPORAL_ADDRESS: 'temporal.example.com:7233' };
  const transport = (env: object) => temporalTransport(at.TEMPORAL_ADDRESS, { ...at, ...env });

  it('are those of the server at TEMPORAL_ADDRESS, and of no other', () => {
    expect(transport({})).toEqual({});
    expect(transport({ TEMPORAL_TLS: 'true' })).toEqual({ tls: {} });
    expect(temporalTransport('127.0.0.1:7233', { ...at, TEMPORAL_TLS: 'true' })).toEqual({});
    expect(transport({ TEMPORAL_TLS_SERVER_NAME: 'a' })).toEqual({ tls: { serverNameOverride: 'a' } });
  });

  it('an API key goes over TLS only, and may stand in a file', () => {
    expect(transport({ TEMPORAL_API_KEY: 'k' })).toEqual({ tls: {}, apiKey: 'k' });
    const { apiKey } = transport({ HOOKLINE_TEMPORAL_API_KEY_FILE: made.ca.certFile });
    expect(apiKey).toBe(made.ca.cert.trim());
    for (const env of [
      { TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' },
      { TEMPORAL_TLS: 'yes' },
      { TEMPORAL_TLS_CLIENT_CERT_PATH: made.client.certFile },
      { TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere' },
    ])
      expect(() => transport(env)).toThrow(expect.objectContaining({ code: 'TLS_INVALID' }));
  });
});

describe('PostgreSQL with ssl on', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startPostgres({ tls: made });
  });
  afterAll(() => database.stop());
  const opened = (parameters: Record<string, string>) =>
    configuredStore({ DATABASE_URL: `${database.url}?${new URLSearchParams(parameters).toString()}` });

  it('the store opens with the CA and a client certificate that DATABASE_URL names', async () => {
    const { client, ca } = made;
    const files = { sslrootcert: ca.certFile, sslcert: client.certFile, sslkey: client.keyFile };
    const store = await opened({ sslmode: 'verify-full', ...files });
    await expect(store?.ping()).resolves.toBeUndefined();
    await store?.close();
  });

  it('STORE_UNREACHABLE: it does not without TLS, without a certificate, or when nobody vouches for the server', async () => {
    const { client, ca } = made;
    const wrong: Record<string, string>[] = [
      {},
      { sslmode: 'verify-full', sslrootcert: ca.certFile },
      { sslmode: 'verify-full', sslcert: client.certFile, sslkey: client.keyFile },
    ];
    for (const parameters of wrong)
      await expect(opened(parameters)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
  });
});
