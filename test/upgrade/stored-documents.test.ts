import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenCall } from '../../src/calls/open-call.js';
import { storedAccount } from '../../src/calls/stored-account.js';
import { DEFAULT_LIMITS } from '../../src/engine/opened-call.js';
import { namesSource } from '../../src/flow/documents/allow-list.js';
import type { Problem } from '../../src/flow/errors.js';
import { TargetPolicy } from '../../src/http/target.js';
import { MIGRATIONS } from '../../src/store/database.js';
import { type EmbeddedDatabase, startEmbedded } from '../../src/store/embedded.js';
import { openStore, type Store } from '../../src/store/store.js';

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
  await before.close();
  database = await startEmbedded(data);
  store = await openStore(database.url);
});
afterAll(async () => {
  await store.close();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
});

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

  it('is refused where the same documents come in', async () => {
    const account = (await store.accounts.get(60))?.document ?? {};
    const flow = (await store.flows.version(60, 'before07', 'published'))?.document ?? {};
    await expect(open({ account: 60, flow })).rejects.toMatchObject({ type: 'INVALID_FLOW' });
    await expect(open({ account, flow: { id: 'before07' } })).rejects.toMatchObject({ type: 'INVALID_FLOW' });
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
