import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INTERNAL_FUNCTIONS } from '../../src/flow/internal-functions.js';
import { account as accountSchema } from '../../src/flow/documents/account.js';
import { OUTBOUND_CODES } from '../../src/outbound/codes.js';
import { AccountClient, BridgeClient } from '../../src/client.js';
import { AREAS } from '../../src/api/access/scopes.js';
import { type TestApi, testApi } from '../support/api.js';

const page = (name: string) => readFile(new URL(`../../docs/reference/${name}.md`, import.meta.url), 'utf8');
const [api, outbound, functions] = (await Promise.all(['api', 'outbound', 'functions'].map(page))) as [
  string,
  string,
  string,
];

describe('docs/reference/api.md', () => {
  let server: TestApi;
  beforeAll(async () => {
    server = await testApi();
  });
  afterAll(() => server.stop());

  it('lists every route with its scope, and no other', async () => {
    const described = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { description?: string }>>;
    };
    const real = Object.entries(described.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { description }]) => {
        const scope = /Scope: `([^`]+)`/.exec(description ?? '')?.[1];
        return scope === undefined ? [] : [`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')} ${scope}`];
      }),
    );
    const listed = [...api.matchAll(/^\| `(\w+) (\S+)` \| (\S+) \|/gm)].map(
      ([, method, path, scope]) => `${method} ${path} ${scope}`,
    );
    expect(listed.sort()).toEqual(real.sort());
  });

  it('names every area', () => {
    const [areas = ''] = /Areas: ([^.]+)\./.exec(api)?.slice(1) ?? [];
    expect([...areas.matchAll(/`(\w+)`/g)].map(([, area]) => area)).toEqual([...AREAS]);
  });
});

describe('docs/reference/outbound.md', () => {
  it('lists every code with its name and message, and no other', () => {
    const listed = [...outbound.matchAll(/^\| (\d{3}) \| (\w+) \| ([^|]+) \|/gm)].map(([, code, name, message]) => [
      code,
      name,
      message,
    ]);
    expect(listed).toEqual(Object.entries(OUTBOUND_CODES).map(([code, [name, message]]) => [code, name, message]));
  });

  it('lists every field of an account’s `outbound` with its default', () => {
    const fields = accountSchema.parse({
      id: 1,
      outbound: { bridge: { id: 'b', taskQueue: 'q' }, from: '1' },
    }).outbound;
    const listed = [...outbound.matchAll(/^\| `(\w+)` \| `?([\w.]+)`? \|/gm)].map(([, name, value]) => [name, value]);
    const real = Object.entries(fields ?? {}).map(([name, value]) => [
      name,
      typeof value === 'object' || name === 'from' ? 'required' : String(value),
    ]);
    expect(listed).toEqual(real);
  });

  it('shows an account that is valid', () => {
    const [shown = ''] = /```json\n([^`]+)```/.exec(outbound)?.slice(1) ?? [];
    expect(accountSchema.safeParse(JSON.parse(shown)).success).toBe(true);
  });
});

describe('docs/reference/functions.md', () => {
  it('lists what every function reads and writes', () => {
    const names = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    const listed = [...functions.matchAll(/^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$/gm)].map(
      ([, method, reads = '', writes = '']) => [method, names(reads), names(writes)],
    );
    expect(listed).toEqual(
      Object.entries(INTERNAL_FUNCTIONS).map(([method, { inputs, outputs }]) => [
        method,
        Object.keys(inputs),
        [...outputs],
      ]),
    );
  });
});

describe('docs/reference/client.md', () => {
  it('names every method of the client', async () => {
    const client = await page('client');
    for (const { prototype } of [AccountClient, BridgeClient])
      for (const name of Object.getOwnPropertyNames(prototype).filter((one) => one !== 'constructor'))
        expect(client).toMatch(new RegExp(`[.\`]${name}\\(`));
  });
});
