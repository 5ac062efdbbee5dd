/**
 * A store that is full of marked values, and the bytes that its database has written.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sealer } from '../../src/store/sealer.js';
import { openStore, type Store } from '../../src/store/store.js';
import type { TestDatabase } from '../support/databases.js';
import { filesIn } from './marked-run.js';

/** Values that stand nowhere else, each with the table that it goes into. */
export const STORE_MARKS = {
  contactsNumber: '919847000001',
  contactsVariable: 'marked-contact-2b8e',
  agentsNumber: '919847000002',
  agentsName: 'marked-agent-77d0',
  accountsCredential: 'marked-credential-19fa',
  securityId: `marked-security-id-${'x'.repeat(45)}`,
  flowsText: 'marked-flow-text-c0c3',
  reportsFrom: '919847000003',
  reportsTo: '919847000004',
  reportsPersisted: 'marked-persisted-5f5f',
  reportsError: 'marked-error-0a1b',
  outboundNumber: '919847000005',
  outboundVariable: 'marked-outbound-d2d2',
  outboundClient: 'marked-client-41c9',
  outboundChecksum: 'marked-checksum-e6e6',
  deadLetter: 'marked-dead-letter-b7b7',
  attemptAnswer: 'marked-attempt-6f6f',
  link: 'marked-link-3e3e',
  did: '919847000006',
  keptAnswer: 'marked-kept-answer-4d4d',
  keptContact: '919847000007',
  answer: 'marked-answer-9a9a',
  fingerprint: 'marked-fingerprint-8d8d',
};
/** The value of a stored secret, which no store keeps without a key. Contract D3. */
export const SECRET_MARK = { storedSecret: 'marked-stored-secret-7c7c' };
const M = STORE_MARKS;
const ACCOUNT = 163;

/** Fills a store, and gives every byte of its database's files, the write-ahead log with them. */
export async function markedStore(start: (files: string) => Promise<TestDatabase>, sealer: Sealer): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-marked-store-'));
  try {
    const database = await start(join(folder, 'data'));
    const store = await openStore(database.url, sealer);
    await fill(store);
    await store.close();
    await database.stop();
    return await filesIn(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(store: Store): Promise<void> {
  const now = new Date();
  const document = { id: ACCOUNT, securityId: M.securityId, sms: { password: M.accountsCredential } };
  const agents = [{ number: M.agentsNumber, name: M.agentsName }];
  await store.accounts.create(ACCOUNT, { ...document, agents });
  await store.accounts.update(ACCOUNT, { ...document, agents });
  await store.agents.setPaused(ACCOUNT, M.agentsNumber, true);
  await store.agents.note(ACCOUNT, { number: M.agentsNumber, paused: false });
  const flow = { id: 'flow0001', name: 'One', type: 'inbound' as const };
  await store.flows.save(ACCOUNT, flow, { say: M.flowsText });
  for (const value of ['first', M.contactsVariable])
    await store.contacts.save(ACCOUNT, M.contactsNumber, { '$user.key.a': value });
  await store.contacts.byNumber(ACCOUNT, M.contactsNumber);
  const report = {
    ...{ call: 'call-1', uuid: randomUUID(), flowId: 'flow0001', flowVersion: 1, direction: 'inbound' as const },
    ...{ from: M.reportsFrom, to: M.reportsTo, outcome: 'failed' as const, path: [], startedAt: now, endedAt: now },
    error: { code: 'WIDGET_FAULT', message: M.reportsError, widget: null },
    persisted: { '$flow.key.said': M.reportsPersisted },
  };
  await store.reports.save(ACCOUNT, report);
  await store.reports.save(ACCOUNT, report);
  const request = { flowId: 'flow0001', flowVersion: 1, checksum: M.outboundChecksum, origin: null };
  const call = {
    ...{ clientIdentifier: M.outboundClient, numbers: [M.outboundNumber], startAt: now },
    variables: { '$flow.key.a': M.outboundVariable },
  };
  for (let again = 0; again < 2; again += 1)
    await store.outbound.create(ACCOUNT, { ...request, id: randomUUID() }, [{ ...call, id: randomUUID() }], () =>
      Promise.resolve(),
    );
  await store.outbound.take(ACCOUNT, 10, new Date());
  const dead = { id: 'd1', call: 'call-1', attempts: 40, detail: 'status 500', delivery: { payload: M.deadLetter } };
  await store.deliveries.note(ACCOUNT, { ...dead, state: 'pending' });
  await store.deliveries.note(ACCOUNT, { ...dead, state: 'dead' });
  const attempt = { by: 'call' as const, at: now, status: 500, detail: 'status 500', durationMs: 1 };
  await store.attempts.add(ACCOUNT, 'd1', { ...attempt, answer: M.attemptAnswer });
  for (let again = 0; again < 2; again += 1) await store.dids.put(M.did, { accountId: ACCOUNT, flowId: 'flow0001' });
  await store.dids.target(M.did);
  await store.links.create(ACCOUNT, `https://example.com/${M.link}`);
  for (const value of ['first', SECRET_MARK.storedSecret])
    await store.secrets.put(ACCOUNT, 'api', value).catch((error: { code?: string }) => {
      if (error.code !== 'CODEC_REQUIRED') throw error;
    });
  const kept = { answer: M.keptAnswer, sensitive: false, keptFor: 60, contact: M.keptContact };
  for (let again = 0; again < 2; again += 1) await store.keptAnswers.keep(ACCOUNT, 'GET /a', kept);
  await store.idempotentAnswers.claim(ACCOUNT, 'user', 'key', M.fingerprint);
  await store.idempotentAnswers.settle(ACCOUNT, 'user', 'key', { status: 200, body: M.answer });
}
