/** C6: what stands in the files of our own database, and how it is read by whom. */
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyRing } from '../../src/crypto/key-ring.js';
import { Sealer } from '../../src/store/sealer.js';
import { openStore, type Store } from '../../src/store/store.js';
import { DATABASES, startPostgres, type TestDatabase } from '../support/databases.js';
import { marksIn } from './marked-run.js';
import { markedStore, SECRET_MARK, STORE_MARKS } from './marked-store.js';

const [oldKey, newKey] = [`old=${randomBytes(32).toString('base64')}`, `new=${randomBytes(32).toString('base64')}`];
const sealer = (...keys: string[]) => new Sealer(keys.length === 0 ? null : KeyRing.parse(keys.join(), 'test'));

describe.each(DATABASES)('C6: the files of %s', (_name, start) => {
  it('hold no number, name, variable, body or credential when there is a key', async () => {
    const files = await markedStore(start, sealer(newKey));
    expect(files.length).toBeGreaterThan(1_000_000);
    expect(marksIn(files, { ...STORE_MARKS, ...SECRET_MARK })).toEqual([]);
  });

  it('hold them all without one, so that this test can fail', async () => {
    const files = await markedStore(start, sealer());
    expect(marksIn(files, { ...STORE_MARKS, ...SECRET_MARK })).toEqual(Object.keys(STORE_MARKS));
  });
});

describe('C6: a store that gets a key, and another one', () => {
  let database: TestDatabase;
  let plain: Store;
  let withOld: Store;
  let withBoth: Store;
  beforeAll(async () => {
    database = await startPostgres();
    plain = await openStore(database.url);
    withOld = await openStore(database.url, sealer(oldKey));
    withBoth = await openStore(database.url, sealer(newKey, oldKey));
  });
  afterAll(async () => {
    await Promise.all([plain, withOld, withBoth].map((store) => store.close()));
    await database.stop();
  });
  const before = () => [plain, withOld];
  const page = { limit: 10 };
  let account = 0;
  const newAccount = () => (account += 1);

  it('finds the contacts of before by their numbers, and adds to them instead of making others', async () => {
    for (const store of before()) {
      const id = newAccount();
      const contact = (await store.contacts.save(id, '919800000001', { '$user.key.a': '1' }))?.id;
      expect((await withBoth.contacts.byNumber(id, '+91 9800000001'))?.id).toBe(contact);
      await withBoth.contacts.save(id, '919800000001', { '$user.key.b': '2' });
      const { items } = await withBoth.contacts.list(id, page);
      const variables = { '$user.key.a': '1', '$user.key.b': '2' };
      expect(items).toMatchObject([{ id: contact, number: '919800000001', variables }]);
    }
  });

  it('finds reports by what was persisted, accounts by their security id, and agents by their numbers', async () => {
    for (const store of before()) {
      const id = newAccount();
      const document = { id, securityId: `s${id}`, agents: [{ number: '919800000001' }] };
      await store.accounts.create(id, document);
      expect((await withBoth.accounts.bySecurityId(`s${id}`))?.document.securityId).toBe(`s${id}`);
      expect(await withBoth.agents.setPaused(id, '919800000001', true)).toBe(true);
      await withBoth.agents.note(id, { number: '919800000001', paused: true });
      expect(await withBoth.agents.paused(id, ['+919800000001'])).toEqual(new Set(['+919800000001']));
      expect(await withBoth.agents.list(id)).toHaveLength(1);
      const now = new Date();
      const report = (call: string) => ({
        ...{ call, uuid: randomUUID(), flowId: 'flow0001', flowVersion: 1, direction: 'inbound' as const },
        ...{ from: '1', to: '2', outcome: 'failed' as const, path: [], error: null, startedAt: now, endedAt: now },
        persisted: { '$flow.key.a': 'x' },
      });
      await store.reports.save(id, report(`call-${id}-1`));
      await withBoth.reports.save(id, report(`call-${id}-2`));
      const found = async (name: string, value: string) =>
        (await withBoth.reports.list(id, page, { udf: { name, value } })).items.length;
      expect([
        await found('$flow.key.a', 'x'),
        await found('$flow.key.a', 'y'),
        await found('$flow.key.b', 'x'),
      ]).toEqual([2, 0, 0]);
    }
  });

  it('D3: keeps a secret for its account and name, sealed, and none without a key', async () => {
    const id = newAccount();
    await expect(plain.secrets.put(id, 'api', 'v')).rejects.toMatchObject({ code: 'CODEC_REQUIRED' });
    await withOld.secrets.put(id, 'api', 'old');
    expect(await withBoth.secrets.value(id, 'api')).toBe('old');
    await withBoth.secrets.put(id, 'api', 'new');
    expect([await withBoth.secrets.value(id, 'api'), await withBoth.secrets.value(id + 1000, 'api')]).toEqual(['new', undefined]); // prettier-ignore
    await expect(withOld.secrets.value(id, 'api')).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
    expect([await plain.secrets.remove(id, 'api'), await plain.secrets.remove(id, 'api')]).toEqual([true, false]);
  });

  it('F1: refuses a checksum that it took before', async () => {
    for (const store of before()) {
      const id = newAccount();
      const ask = (to: Store) =>
        to.outbound.create(
          id,
          { id: randomUUID(), flowId: 'flow0001', flowVersion: null, checksum: 'c', origin: null },
          [{ id: randomUUID(), clientIdentifier: null, numbers: ['1'], variables: {}, startAt: new Date() }],
          () => Promise.resolve(),
        );
      expect([(await ask(store)).repeated, (await ask(withBoth)).repeated]).toEqual([false, true]);
    }
  });

  it('two processes with other keys in front make one contact of a number', async () => {
    const id = newAccount();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `$user.key.${name}`);
    const other = await openStore(database.url, sealer(oldKey, newKey));
    await Promise.all(
      names.map((name, index) => (index % 2 ? other : withBoth).contacts.save(id, '100200', { [name]: 'x' })),
    );
    const { items } = await withBoth.contacts.list(id, page);
    expect(items.map(({ variables }) => Object.keys(variables).sort())).toEqual([names]);
    await other.close();
  });

  it('STORE_UNREADABLE: without the key a row says which one it needs; what is plain is read', async () => {
    const id = newAccount();
    await withBoth.contacts.save(id, '100', {});
    await expect(withOld.contacts.list(id, page)).rejects.toMatchObject({
      code: 'STORE_UNREADABLE',
      message: expect.stringContaining('the key new'),
    });
    await plain.contacts.save(id + 1000, '100', {});
    expect((await withOld.contacts.list(id + 1000, page)).items).toHaveLength(1);
  });

  it('STORE_UNREADABLE: what was sealed for one row is not taken as that of another', async () => {
    const id = newAccount();
    const save = async (number: string) => (await withBoth.contacts.save(id, number, {}))?.id ?? '';
    const [mine, other] = [await save('100'), await save('200')];
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const swap = 'update contacts set sealed = (select sealed from contacts where id = $1) where id = $2';
    await client.query(swap, [other, mine]);
    await client.end();
    await expect(withBoth.contacts.get(id, mine)).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
  });
});
