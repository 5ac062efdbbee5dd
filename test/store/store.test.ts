import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyRing } from '../../src/crypto/key-ring.js';
import { isAway, migrateDatabase, openDatabase } from '../../src/store/database.js';
import { Sealer } from '../../src/store/sealer.js';
import { openStore, type Store } from '../../src/store/store.js';
import { DATABASES, type TestDatabase } from '../support/databases.js';

const key = `k=${randomBytes(32).toString('base64')}`;
const STORES = DATABASES.flatMap(([name, start]) => [
  { name, start, sealer: new Sealer(null) },
  { name: `${name}, sealed`, start, sealer: new Sealer(KeyRing.parse(key, 'test')) },
]);

describe.each(STORES)('the store on $name', ({ name, start, sealer }) => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await start();
    // Two processes that start together: each brings the tables up to date.
    const [first, second] = await Promise.all([openStore(database.url, sealer), openStore(database.url, sealer)]);
    store = first;
    await second.close();
  });
  afterAll(async () => {
    await store.close();
    await database.stop();
  });
  let account = 0;
  const newAccount = () => (account += 1);
  const page = { limit: 50 };

  it('is brought up to date by two processes that start together, and later ones find nothing to do', async () => {
    await Promise.all([migrateDatabase(database.url), migrateDatabase(database.url)]);
    await expect(store.ping()).resolves.toBeUndefined();
  });

  it('asks the server to cut a statement after 15 s, and says that the database is away when it did', async () => {
    const { db, close } = openDatabase(database.url);
    if (name.startsWith('PostgreSQL'))
      expect((await db.execute(sql`show statement_timeout`)).rows).toEqual([{ statement_timeout: '15s' }]);
    const slow = db.transaction(async (tx) => {
      await tx.execute(sql`set local statement_timeout = 50`);
      await tx.execute(sql`select pg_sleep(${name.startsWith('PostgreSQL') ? 5 : 0})`);
    });
    if (name.startsWith('PostgreSQL')) expect(isAway(await slow.catch((error: unknown) => error))).toBe(true);
    await close();
  });

  it('says that the database is away when there is no connection, for a query and a transaction alike', async () => {
    const { db, close } = openDatabase('postgres://nobody@127.0.0.1:1/none');
    expect(isAway(await db.execute(sql`select 1`).catch((error: unknown) => error))).toBe(true);
    expect(isAway(await db.transaction(async () => undefined).catch((error: unknown) => error))).toBe(true);
    await close();
  });

  it('D3: gives an account document back as it was, its keys in order', async () => {
    const id = newAccount();
    const document = { id, zeta: 1, alpha: { b: 1, a: 2 }, securityId: 's'.repeat(64), name: 'Shop' };
    expect(await store.accounts.create(id, document)).toBe(true);
    expect(await store.accounts.create(id, document)).toBe(false);
    const kept = await store.accounts.get(id);
    expect(JSON.stringify(kept?.document)).toBe(JSON.stringify(document));
    expect((await store.accounts.bySecurityId('s'.repeat(64)))?.id).toBe(id);
    expect(await store.accounts.bySecurityId('t'.repeat(64))).toBeUndefined();
  });

  it('F4: an agent that is paused stays so when the account is changed, whichever way the number is written', async () => {
    const id = newAccount();
    const agents = [{ number: '9879964805', name: 'Asha' }, { number: '9879964806' }];
    await store.accounts.create(id, { id, countryCode: '91', agents });
    expect(await store.agents.setPaused(id, '+91 98799 64805', true, '91')).toBe(true);
    expect(await store.agents.setPaused(id, '123', true, '91')).toBe(false);
    await store.accounts.update(id, { id, countryCode: '91', agents: agents.toReversed() });
    expect((await store.accounts.get(id))?.document.agents).toEqual([
      { number: '9879964806', paused: false },
      { number: '9879964805', name: 'Asha', paused: true },
    ]);
    expect(await store.agents.paused(id, ['919879964805', '919879964806'], '91')).toEqual(new Set(['919879964805']));
  });

  it('C2: versions are immutable, the same document makes no second one, and a rollback goes back step by step', async () => {
    const id = newAccount();
    const flow = { id: 'flow0001', name: 'One', type: 'inbound' as const };
    const save = (text: string) => store.flows.save(id, flow, { text });
    expect(await save('a')).toEqual({ version: 1, created: true });
    expect(await save('a')).toEqual({ version: 1, created: false });
    expect(await save('b')).toEqual({ version: 2, created: true });
    expect(await save('a')).toEqual({ version: 3, created: true });
    expect(await store.flows.get(id, 'flow0001')).toEqual({ ...flow, published: null, newest: 3 });
    expect(await store.flows.version(id, 'flow0001', 'published')).toBeUndefined();
    for (const version of [1, 2, 3]) expect(await store.flows.publish(id, 'flow0001', version)).toBe(true);
    expect(await store.flows.publish(id, 'flow0001', 4)).toBe(false);
    expect((await store.flows.version(id, 'flow0001', 'published'))?.document).toEqual({ text: 'a' });
    expect(await store.flows.rollback(id, 'flow0001')).toBe(2);
    expect(await store.flows.rollback(id, 'flow0001')).toBe(1);
    expect(await store.flows.rollback(id, 'flow0001')).toBeUndefined();
    expect((await store.flows.version(id, 'flow0001', 2))?.document).toEqual({ text: 'b' });
  });

  it('C2: documents that are saved at the same moment get numbers of their own', async () => {
    const id = newAccount();
    const flow = { id: 'flow0002', name: '', type: 'inbound' as const };
    const saved = await Promise.all([1, 2, 3, 4, 5].map((n) => store.flows.save(id, flow, { n })));
    expect(saved.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('F3: a contact keeps the newest value of each variable, under one normal form of its number', async () => {
    const id = newAccount();
    await store.contacts.save(id, '09879964805', { '$user.key.a': '1', '$user.key.b': '2' }, '91');
    await store.contacts.save(id, '+919879964805', { '$user.key.b': '3' }, '91');
    const contact = await store.contacts.byNumber(id, '9879964805', '91');
    expect(contact).toMatchObject({ number: '919879964805', variables: { '$user.key.a': '1', '$user.key.b': '3' } });
    expect(await store.contacts.byNumber(id + 1000, '9879964805', '91')).toBeUndefined();
    expect(await store.contacts.remove(id, contact?.id ?? '')).toBe(true);
    expect((await store.contacts.list(id, page)).items).toEqual([]);
  });

  it('F3: two writers of one contact lose nothing', async () => {
    const id = newAccount();
    const names = Array.from({ length: 8 }, (_, n) => `$user.key.v${n}`);
    await Promise.all(names.map((name) => store.contacts.save(id, '100200', { [name]: 'x' })));
    expect(Object.keys((await store.contacts.byNumber(id, '100200'))?.variables ?? {}).sort()).toEqual(names);
  });

  it('B1: a number leads to one flow, of whichever account gave it last, also when several give it at once', async () => {
    const [one, other] = [newAccount(), newAccount()];
    const number = `+49 30 5550${String(one).padStart(4, '0')}`;
    const target = (accountId: number) => ({ accountId, flowId: 'flow0001' });
    const given = await Promise.all([1, 2, 3, 4].map(() => store.dids.put(number, target(one))));
    expect(new Set(given.map(({ id }) => id)).size).toBe(1);
    const last = await store.dids.put(number.replaceAll(' ', ''), target(other));
    expect(await store.dids.target(number.slice(1))).toEqual(target(other));
    expect((await store.dids.list(one, page)).items).toEqual([]);
    expect((await store.dids.list(other, page)).items).toMatchObject([{ id: last.id, number: last.number }]);
    expect((await store.dids.list(undefined, page)).items).toHaveLength(1);
    expect(await store.dids.remove(last.id)).toEqual(target(other));
    expect(await store.dids.remove(last.id)).toBeUndefined();
    expect(await store.dids.target(number)).toBeUndefined();
  });

  it('D3: a dial of an account counts once a day, as many as it may, also when several want the last one', async () => {
    const [account, other] = [newAccount(), newAccount()];
    const of = (day: string, dial: string = randomUUID(), accountId = account) =>
      store.dials.count({ account: accountId, day, dial, perDay: 3 });
    const first = randomUUID();
    expect([await of('2026-12-01', first), await of('2026-12-01', first)]).toEqual([true, true]);
    const wanted = await Promise.all([1, 2, 3, 4, 5].map(() => of('2026-12-01')));
    expect(wanted.filter(Boolean)).toHaveLength(2);
    expect([await of('2026-12-01'), await of('2026-12-01', first)]).toEqual([false, true]);
    expect(await of('2026-12-01', randomUUID(), other)).toBe(true);
    // A question that is repeated after midnight is still the same dial; those of earlier days are forgotten.
    expect([await of('2026-12-02', first), await of('2026-12-02'), await of('2026-12-03')]).toEqual([true, true, true]);
  });

  it('F2: one origin makes one link of 8 characters, and each visit counts', async () => {
    const id = newAccount();
    const made = await Promise.all(
      [1, 2, 3].map(() => store.links.create(id, 'https://example.com/', { origin: `call-${id}/w/1` })),
    );
    expect(new Set(made.map(({ code }) => code)).size).toBe(1);
    const code = made[0]?.code ?? '';
    expect(code).toMatch(/^[A-Za-z0-9]{8}$/);
    expect(await store.links.follow(code)).toBe('https://example.com/');
    await store.links.follow(code);
    expect(await store.links.get(id, code)).toMatchObject({ visits: 2 });
    expect(await store.links.get(id + 1000, code)).toBeUndefined();
    expect(await store.links.follow('nothing0')).toBeUndefined();
  });

  it('keys are checked against their hash alone, and a key that was taken away opens nothing', async () => {
    const id = newAccount();
    const { key, id: keyId } = await store.apiKeys.create(id, 'test', ['calls:read']);
    expect(await store.apiKeys.check(key)).toEqual({ id: keyId, accountId: id, scopes: ['calls:read'] });
    expect(await store.apiKeys.check(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`)).toBeUndefined();
    expect(await store.apiKeys.check('nonsense')).toBeUndefined();
    expect(await store.apiKeys.remove(id, keyId)).toBe(true);
    expect(await store.apiKeys.check(key)).toBeUndefined();
  });

  it('lists come in pages that lose and repeat nothing', async () => {
    const id = newAccount();
    for (let n = 1; n <= 5; n += 1) await store.links.create(id, `https://example.com/${n}`);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { items, next } = await store.links.list(id, { limit: 2, after });
      seen.push(...items.map(({ url }) => url));
      after = next ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual([5, 4, 3, 2, 1].map((n) => `https://example.com/${n}`));
    expect((await store.links.list(id, { limit: 2, after: 'rubbish' })).items).toEqual([]);
  });

  describe('outbound calls', () => {
    const request = (more: object = {}) => ({
      ...{ id: randomUUID(), flowId: 'flow0001', flowVersion: null, checksum: null, origin: null },
      ...more,
    });
    const call = (startAt: Date, number = '1') => ({
      ...{ id: randomUUID(), clientIdentifier: null, numbers: [number], variables: {} },
      startAt,
    });
    const nothing = () => Promise.resolve();
    const past = new Date(Date.now() - 1000);
    const future = new Date(Date.now() + 3600_000);

    it('F1: the same origin gives the calls of the first time, the same checksum is refused', async () => {
      const id = newAccount();
      const first = await store.outbound.create(id, request({ origin: `o-${id}` }), [call(past), call(past)], nothing);
      const again = await store.outbound.create(id, request({ origin: `o-${id}` }), [call(past)], nothing);
      expect(again).toEqual(first);
      await store.outbound.create(id, request({ checksum: 'c' }), [call(past)], nothing);
      expect(await store.outbound.create(id, request({ checksum: 'c' }), [call(past)], nothing)).toMatchObject({
        repeated: true,
      });
      expect(await store.outbound.create(id + 1000, request({ checksum: 'c' }), [call(past)], nothing)).toMatchObject({
        repeated: false,
      });
    });

    it('F1: what fails before the end leaves nothing behind', async () => {
      const id = newAccount();
      const failing = store.outbound.create(id, request(), [call(past)], () => Promise.reject(new Error('no server')));
      await expect(failing).rejects.toThrow('no server');
      expect(await store.outbound.standing(id)).toEqual({ underWay: 0, waiting: 0, nextAt: null });
    });

    it('F1: calls are taken when they are due, and one whose placing was cut off comes first', async () => {
      const id = newAccount();
      const later = call(future, '3');
      await store.outbound.create(id, request(), [call(past, '1'), call(past, '2'), later], nothing);
      const { due: taken } = await store.outbound.take(id, 1, new Date());
      expect(taken.map(({ numbers }) => numbers)).toEqual([['1']]);
      const { due: again } = await store.outbound.take(id, 5, new Date());
      expect(again.map(({ numbers }) => numbers)).toEqual([['1'], ['2']]);
      await store.outbound.placed(again[0]?.id ?? '', `call-${id}-x`);
      await store.outbound.refused(again[1]?.id ?? '', 'no flow');
      const standing = await store.outbound.standing(id);
      expect(standing).toEqual({ underWay: 1, waiting: 1, nextAt: later.startAt });
      await store.outbound.ended(again[0]?.id ?? '', `call-${id}-x`, 'completed');
      expect((await store.outbound.standing(id)).underWay).toBe(0);
      expect(await store.outbound.accountsWaiting()).toContain(id);
    });

    it('F1: a call that ends before its placing is noted keeps its workflow id, and stays ended', async () => {
      const id = newAccount();
      const made = [call(past, '1'), call(past, '2')];
      const { request: kept } = await store.outbound.create(id, request(), made, nothing);
      await store.outbound.take(id, 5, new Date());
      for (const one of made) await store.outbound.ended(one.id, `call-${id}-${one.numbers[0]}`, 'completed');
      await store.outbound.placed(made[0]?.id ?? '', `call-${id}-1`);
      expect(await store.outbound.lists.calls(id, kept)).toMatchObject([
        { state: 'ended', call: `call-${id}-1`, outcome: 'completed' },
        { state: 'ended', call: `call-${id}-2`, outcome: 'completed' },
      ]);
    });

    it('C6, F1: a call whose row cannot be read stops no other, and is left as it is', async () => {
      const id = newAccount();
      const made = [call(past, '1'), call(past, '2'), call(past, '3')];
      await store.outbound.create(id, request(), made, nothing);
      const { db, close } = openDatabase(database.url);
      const bad = made[0]?.id ?? '';
      await db.execute(sql`update outbound_calls set sealed = ${Buffer.from('gone\0x')} where id = ${bad}`);
      const { due, unreadable } = await store.outbound.take(id, 2, new Date());
      expect([due.map(({ numbers }) => numbers), unreadable]).toEqual([[['2'], ['3']], 1]);
      const { rows } = await db.execute(sql`select state from outbound_calls where id = ${bad}`);
      expect(rows).toEqual([{ state: 'waiting' }]);
      await close();
    });

    it('a request that is cancelled takes back what is not placed yet', async () => {
      const id = newAccount();
      const { request: made } = await store.outbound.create(id, request(), [call(future), call(future)], nothing);
      expect(await store.outbound.cancel(id + 1000, made)).toBeUndefined();
      expect(await store.outbound.cancel(id, made)).toBe(2);
      expect((await store.outbound.lists.calls(id, made)).map(({ state }) => state)).toEqual([
        'cancelled',
        'cancelled',
      ]);
      expect((await store.outbound.lists.list(id, page)).items).toMatchObject([{ id: made, calls: { cancelled: 2 } }]);
    });
  });

  it('R9: a report is kept once, and all reports are read in order', async () => {
    const id = newAccount();
    const report = (call: string) => ({
      ...{
        call,
        flowId: 'flow0001',
        flowVersion: 2,
        uuid: randomUUID(),
        direction: 'inbound' as const,
        from: '1',
        to: '2',
      },
      ...{
        outcome: 'completed' as const,
        error: null,
        path: [],
        persisted: { '$flow.key.a': '1', '$flow.key.b': 'a\0b' },
      },
      ...{ startedAt: new Date(1000), endedAt: new Date(2000) },
    });
    await store.reports.save(id, report(`call-${id}-a`));
    await store.reports.save(id, report(`call-${id}-b`));
    await store.reports.save(id, { ...report(`call-${id}-a`), outcome: 'failed' });
    expect((await store.reports.list(id, page)).items.map(({ outcome }) => outcome)).toEqual(['completed', 'failed']);
    const found = async (value: string) =>
      (await store.reports.list(id, page, { udf: { name: '$flow.key.a', value } })).items.length;
    expect([await found('1'), await found('2')]).toEqual([2, 0]);
    const all: string[] = [];
    for await (const { call } of store.reports.all(id)) all.push(call);
    expect(all).toEqual([`call-${id}-a`, `call-${id}-b`]);
    expect(await store.reports.get(id + 1000, `call-${id}-a`)).toBeUndefined();
  });

  it('E5: a delivery is noted as it goes, and found by its state', async () => {
    const id = newAccount();
    const noted = { id: `d-${id}`, call: `call-${id}`, delivery: { a: 1 }, detail: 'refused' };
    await store.deliveries.note(id, { ...noted, state: 'pending', attempts: 6 });
    await store.deliveries.note(id, { ...noted, delivery: undefined, state: 'dead', attempts: 40 });
    expect((await store.deliveries.list(id, page, { state: 'dead' })).items).toMatchObject([
      { attempts: 40, state: 'dead' },
    ]);
    expect((await store.deliveries.list(id, page, { state: 'pending' })).items).toEqual([]);
    expect(await store.deliveries.get(id, noted.id)).toMatchObject({ delivery: { a: 1 } });
  });

  it('E5: of the attempts of a delivery the newest 100 are kept, and no account reads those of another', async () => {
    const id = newAccount();
    const made = { by: 'delivery', at: new Date(), detail: 'status\0', durationMs: 3, answer: 'no\0' } as const;
    for (let status = 1; status <= 102; status += 1) await store.attempts.add(id, `d-${id}`, { ...made, status });
    const kept = await store.attempts.of(id, `d-${id}`);
    expect(kept.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, (_, index) => index + 3));
    expect(kept[0]).toEqual({ ...made, status: 3, detail: 'status', answer: 'no' });
    expect(await store.attempts.of(id + 1000, `d-${id}`)).toEqual([]);
  });

  it('E5: of many that see an endpoint fail, or claim its probe, or see it recover, one is told', async () => {
    const endpoint = { accountId: newAccount(), url: 'https://api.example.com/end' };
    const now = new Date();
    const rule = { failures: 5, milliseconds: 0 };
    const together = <T>(work: (n: number) => Promise<T>) => Promise.all(Array.from({ length: 8 }, (_, n) => work(n)));
    const paused = await together(() => store.endpoints.failed(endpoint, 'status 503', now, rule));
    expect(paused.filter(Boolean)).toHaveLength(1);
    expect(await store.endpoints.get(endpoint)).toMatchObject({ failures: 8, pausedAt: now });
    const claimed = await together((n) => store.endpoints.claimProbe(endpoint, `d-${n}`, now, 1000));
    expect(claimed.filter((probes) => probes !== undefined)).toEqual([0]);
    const freed = await together(() => store.endpoints.recovered(endpoint));
    expect(freed.filter(Boolean)).toHaveLength(1);
    expect(await store.endpoints.get(endpoint)).toBeUndefined();
  });

  it('an idempotency key gives its first answer again, and stands for one request only', async () => {
    const { claim, settle } = {
      claim: store.idempotentAnswers.claim.bind(store.idempotentAnswers),
      settle: store.idempotentAnswers.settle.bind(store.idempotentAnswers),
    };
    expect(await claim(1, 'u', 'k', 'r')).toBe('new');
    expect(await claim(1, 'u', 'k', 'r')).toBe('underWay');
    expect(await claim(1, 'u', 'k', 'other')).toBe('other');
    await settle(1, 'u', 'k', { status: 201, body: '{}' });
    expect(await claim(1, 'u', 'k', 'r')).toEqual({ status: 201, body: '{}' });
    expect(await claim(1, 'v', 'k', 'r')).toBe('new');
    expect(await claim(2, 'u', 'k', 'r')).toBe('new');
    await settle(2, 'u', 'k', null);
    expect(await claim(2, 'u', 'k', 'r')).toBe('new');
  });
});
