import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Signature } from '../http/signature.js';
import { DidLookup } from './did-lookup.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const HOUR = 3600_000;
const [KNOWN, NOBODYS, OWN] = ['912200000002', '912200000003', '100'];

describe('B1: where a number leads that was dialled', () => {
  let folder: string;
  let server: Server;
  let apiUrl: string;
  /** What the API does. */
  let says: { status: number; body: object } | null;
  let asked: { url: string; headers: IncomingHttpHeaders; body: string }[];
  let logged: string[];
  let now: number;
  const lookup = () =>
    new DidLookup(
      {
        numbers: [{ number: OWN, account: 7, flow: 'deskflow' }],
        api: { apiUrl, signature: Signature.parse(SECRET) },
        file: join(folder, 'node', 'dids.json'),
        log: (message, error) => logged.push(`${message} ${String(error)}`),
      },
      () => now,
    );
  const known = { account: 163, flow: { id: 'ordrstat' } };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hookline-dids-'));
    [asked, logged, now] = [[], [], 1_800_000_000_000];
    says = { status: 200, body: known };
    server = createServer((request, response) => {
      void text(request).then((body) => {
        asked.push({ url: request.url ?? '', headers: request.headers, body });
        if (says === null) request.socket.destroy();
        else response.writeHead(says.status, { 'content-type': 'application/json' }).end(JSON.stringify(says.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('the settings of the node count first, and ask nobody; other numbers are asked for, signed, and stand in no URL (C6)', async () => {
    const { route } = lookup();
    expect(await route(OWN)).toEqual({ account: 7, flow: { id: 'deskflow' } });
    expect(asked).toEqual([]);
    expect(await route(KNOWN)).toEqual(known);
    const [{ url = '', headers = {}, body = '' } = {}] = asked;
    expect(url).toBe('/bridge/dids');
    expect(Signature.parse(SECRET).fault(headers, body)).toBeNull();
    expect(JSON.parse(body)).toEqual({ number: KNOWN });
  });

  it('a number that nobody has leads nowhere, and so does one that was taken away', async () => {
    const { route } = lookup();
    await route(KNOWN);
    says = { status: 404, body: { code: 'DID_UNKNOWN' } };
    expect(await route(NOBODYS)).toBeNull();
    expect(await route(KNOWN)).toBeNull();
    says = null;
    await expect(route(KNOWN)).rejects.toThrow();
  });

  it.each([
    ['does not answer', null],
    ['has no store', { status: 503, body: { code: 'STORE_UNREACHABLE' } }],
    ['is of a release before this question', { status: 404, body: { code: 'ROUTE_UNKNOWN' } }],
    ['answers what is none', { status: 200, body: {} }],
  ])(
    'while the API %s, a number leads where it led last, for 24 hours and over a restart, and the log has no number',
    async (_what, said) => {
      await lookup().route(KNOWN);
      says = said;
      now += 23 * HOUR;
      const { route } = lookup();
      expect(await route(KNOWN)).toEqual(known);
      expect(logged).toHaveLength(1);
      expect(logged.join()).not.toContain(KNOWN);
      await expect(route(NOBODYS)).rejects.toThrow();
      now += 2 * HOUR;
      await expect(route(KNOWN)).rejects.toThrow();
    },
  );

  it('answers lie in a file for its owner alone, which is written when something changes, or an hour later', async () => {
    const file = join(folder, 'node', 'dids.json');
    const { route } = lookup();
    await route(KNOWN);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const first = readFileSync(file, 'utf8');
    now += 1000;
    await route(KNOWN);
    expect(readFileSync(file, 'utf8')).toBe(first);
    says = { status: 200, body: { account: 164, flow: { id: 'ordrstat' } } };
    await route(KNOWN);
    expect(readFileSync(file, 'utf8')).not.toBe(first);
    const changed = readFileSync(file, 'utf8');
    now += HOUR;
    await route(KNOWN);
    expect(readFileSync(file, 'utf8')).not.toBe(changed);
  });
});
