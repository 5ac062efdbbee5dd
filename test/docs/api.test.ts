import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account as accountSchema } from '../../src/flow/documents/account.js';
import { AccountClient, BridgeClient } from '../../src/client.js';
import { AREAS } from '../../src/api/access/scopes.js';
import { type TestApi, testApi } from '../support/api.js';

const page = (name: string) => readFile(new URL(`../../docs/reference/${name}.md`, import.meta.url), 'utf8');
const [api, outbound] = (await Promise.all(['api', 'outbound'].map(page))) as [string, string];

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
  it('shows an account that is valid', () => {
    const [shown = ''] = /```json\n([^`]+)```/.exec(outbound)?.slice(1) ?? [];
    expect(accountSchema.safeParse(JSON.parse(shown)).success).toBe(true);
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
