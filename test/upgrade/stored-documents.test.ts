import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createOpenCall } from '../../src/calls/open-call.js';
import { storedAccount } from '../../src/calls/stored-account.js';
import { DEFAULT_LIMITS } from '../../src/engine/opened-call.js';
import { namesSource } from '../../src/flow/documents/allow-list.js';
import type { Problem } from '../../src/flow/errors.js';
import { KeptSecrets } from '../../src/http/kept-secrets.js';
import { SecretReader } from '../../src/http/secret-reader.js';
import { TargetPolicy } from '../../src/http/target.js';
import { MIGRATIONS } from '../../src/store/database.js';
import { type EmbeddedDatabase, startEmbedded } from '../../src/store/embedded.js';
import { openStore, type Store } from '../../src/store/store.js';

/** Rows as 0.6.0 wrote them: an account whose secrets lie anywhere, keys of the API, and a POST that was answered. */
const OF_SECRETS = `
  insert into accounts (id, document) values (61, '{"id":61,"secrets":{"api":{"env":"ORDERS_KEY"},"file":{"file":"/run/secrets/x"}}}');
  insert into api_keys (id, account_id, name, hash, scopes) values
    ('000000000001', 61, 'shop', 'h', '{flows:write,calls:read}'), ('000000000002', 61, 'look', 'h', '{flows:read,reports:read}');
  insert into idempotent_answers (account_id, key, request, status, body) values (61, 'order-1', 'fingerprint', 201, '{}');`;

/** A flow in which a text looks as one with a default does since 0.7.0. */
const OF_DEFAULTS = `
  insert into flows (account_id, id, name, type, published) values (61, 'dollar01', '', 'inbound', 1);
  insert into flow_versions (account_id, flow_id, version, document, checksum) values (61, 'dollar01', 1,
    '{"hookline":1,"id":"dollar01","start":"say","widgets":{"say":{"type":"play","prompt":{"text":"Dear \${flow.key.name:-guest}"}}}}', 'c');`;

/** The migrations that 0.6.0 shipped. */
const SHIPPED = 5;

let folder: string;
let database: EmbeddedDatabase;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-upgrade-'));
  const [data, migrations] = [join(folder, 'data'), join(folder, 'migrations')];
  await cp(MIGRATIONS, migrations, { recursive: true });
  const journal = join(migrations, 'meta', '_journal.json');
  const whole = JSON.parse(await readFile(journal, 'utf8')) as { entries: unknown[] };
  await writeFile(journal, JSON.stringify({ ...whole, entries: whole.entries.slice(0, SHIPPED) }));
  const before = await PGlite.create(data);
  await migrate(drizzle(before), { migrationsFolder: migrations });
  await before.exec(await readFile(new URL('0.6.0.sql', import.meta.url), 'utf8'));
  await before.exec(OF_SECRETS);
  await before.exec(OF_DEFAULTS);
  await before.close();
  database = await startEmbedded(data);
  store = await openStore(database.url);
});
afterAll(async () => {
  await store.close();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
});

afterEach(() => vi.unstubAllEnvs());

/** What the first step of a call does with these documents, and what it warns of. */
async function open(documents: { account: object | number; flow: object }) {
  const warned: string[] = [];
  const onOutdated = (account: number, flow: string, problems: readonly Problem[]) =>
    void warned.push(...problems.map(({ code, pointer }) => `${account} ${flow} ${code} ${pointer}`));
  const openCall = createOpenCall({ limits: DEFAULT_LIMITS, searchAttributes: false, store: async () => store, onOutdated }); // prettier-ignore
  const call = { id: 'c', direction: 'inbound' as const, from: '1', to: '2', startedAt: '2026-11-30T10:00:00Z' };
  const opened = await openCall({ ...documents, call, variables: {}, bridge: { id: 'b', taskQueue: 'q' } });
  return { opened, warned };
}

describe('C4: what 0.6.0 stored', () => {
  it('runs by its ids as it did, with a warning for each rule that is newer', async () => {
    const { opened, warned } = await open({ account: 60, flow: { id: 'before07' } });
    expect(opened.flow).toMatchObject({ id: 'before07' });
    expect(opened.flowVersion).toBe(1);
    expect(warned).toEqual(
      [
        ...['/account/ipAllowList/0', '/account/ipAllowList/1', '/account/ipAllowList/2'],
        ...['/account/targetAllowList/0', '/account/targetAllowList/1', '/account/targetAllowList/2'],
        ...['/account/targetAllowList/3', '/account/defaultWebhook/url', '/account/defaultWebhook/auth/header'],
        ...['/account/functions/shortURL/url', '/flow/widgets/framing/request/headers/0/key'],
        ...['/flow/widgets/port/request/url', '/flow/widgets/slash/request/url'],
        ...['/flow/widgets/doctype/request/body/content', '/flow/widgets/tag/request/body/content'],
      ].map((place) => `60 before07 INVALID_VALUE ${place}`),
    );
  });

  it('V2: warns of a text that has a default now, until the flow is stored again', async () => {
    const defaults = async (version: number) => {
      const { warned } = await open({ account: 61, flow: { id: 'dollar01', version } });
      return warned.filter((one) => one.includes('DEFAULT_WAS_TEXT'));
    };
    expect(await defaults(1)).toEqual(['61 dollar01 DEFAULT_WAS_TEXT /flow/widgets/say/prompt/text']);
    const document = (await store.flows.version(61, 'dollar01', 1))?.document ?? {};
    const { version } = await store.flows.save(61, { id: 'dollar01', name: '', type: 'inbound' }, { ...document, notes: 'read' }); // prettier-ignore
    expect(await defaults(version)).toEqual([]);
  });

  it('is refused where the same documents come in', async () => {
    const account = (await store.accounts.get(60))?.document ?? {};
    const flow = (await store.flows.version(60, 'before07', 'published'))?.document ?? {};
    await expect(open({ account: 60, flow })).rejects.toMatchObject({ type: 'INVALID_FLOW' });
    await expect(open({ account, flow: { id: 'before07' } })).rejects.toMatchObject({ type: 'INVALID_FLOW' });
  });

  it('D3: secrets that lie where they lay are read, each call warns, and a new document must name its own places', async () => {
    vi.stubEnv('ORDERS_KEY', 'k');
    const { warned } = await open({ account: 61, flow: { hookline: 1, id: 'none0001', start: 'bye', widgets: { bye: { type: 'hangUp' } } } }); // prettier-ignore
    expect(warned).toEqual([
      '61 none0001 SECRET_OUTSIDE /account/secrets/api/env',
      '61 none0001 SECRET_OUTSIDE /account/secrets/file/file',
    ]);
    const read = (env: string) =>
      new SecretReader({ places: 'own' }, new KeptSecrets(async () => store)).read('api', { accountId: 61, secrets: { api: { env } } }); // prettier-ignore
    expect(await read('ORDERS_KEY')).toBe('k');
    await expect(read('PATH')).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' });
    const document = (await store.accounts.get(61))?.document ?? {};
    await store.accounts.update(61, document);
    await expect(read('ORDERS_KEY')).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' });
  });

  it('F7: keys of the API may do what they could, by the scopes that are new', async () => {
    const { items } = await store.apiKeys.list(61, { limit: 9 });
    expect(Object.fromEntries(items.map(({ name, scopes }) => [name, scopes]))).toEqual({
      shop: ['flows:write', 'calls:read', 'flows:publish', 'calls:private'],
      look: ['flows:read', 'reports:read'],
    });
  });

  it('a POST that 0.6.0 answered is done once, whichever key repeats it', async () => {
    const claim = (request: string) => store.idempotentAnswers.claim(61, 'a key', 'order-1', request);
    expect(await claim('fingerprint')).toEqual({ status: 201, body: '{}' });
    expect(await claim('another request')).toBe('new');
  });

  it('F7, W11: a faulty entry of its lists admits and exempts nobody, the others go on', async () => {
    const account = await storedAccount(store, 60);
    const list = account?.ipAllowList ?? [];
    expect(['127.0.0.1', '10.0.0.1', '192.0.2.1'].filter((address) => namesSource(list, address))).toEqual([
      '192.0.2.1',
    ]);
    const policy = new TargetPolicy(account?.targetAllowList ?? []);
    expect(['127.0.0.1', '127.0.0.2', '10.0.0.1'].filter((address) => policy.permits(address))).toEqual(['127.0.0.1']);
  });
});
