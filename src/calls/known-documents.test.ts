import { expect, it } from 'vitest';
import { KnownDocuments } from './known-documents.js';

const flow = {
  ...{ hookline: 1, id: 'testflow', name: 'Test', start: 'bye', flowEndWebhook: true },
  widgets: { bye: { type: 'hangUp' } },
};
const account = { id: 1, defaultWebhook: { url: 'https://example.com/end' } };

it('C4: a document that was judged is known again by its text, and shared', async () => {
  const known = new KnownDocuments();
  const [first, second] = [
    await known.account({ ...account }, 'incoming'),
    await known.account({ ...account }, 'incoming'),
  ];
  expect(second).toBe(first);
  expect(await known.flow(structuredClone(flow), first, 'incoming')).toBe(await known.flow(flow, second, 'incoming'));
});

it('C4: a document that differs in one character is judged anew', async () => {
  const known = new KnownDocuments();
  const owner = await known.account(account, 'incoming');
  expect((await known.flow(flow, owner, 'incoming')).errors).toEqual([]);
  const wrong = { ...flow, widgets: { bye: { type: 'hangup' } } };
  expect((await known.flow(wrong, owner, 'incoming')).errors).not.toEqual([]);
  expect((await known.account({ ...account, id: 2 }, 'incoming')).value?.id).toBe(2);
});

it('E1: the same flow is judged anew for another account, and for the same account once it has changed', async () => {
  const known = new KnownDocuments();
  const [bare, full] = [await known.account({ id: 1 }, 'incoming'), await known.account(account, 'incoming')];
  expect((await known.flow(flow, full, 'incoming')).errors).toEqual([]);
  expect((await known.flow(flow, bare, 'incoming')).errors.map(({ code }) => code)).toEqual([
    'DEFAULT_WEBHOOK_MISSING',
  ]);
});

it('C4: what is stored is judged by the rules for what is stored', async () => {
  const known = new KnownDocuments();
  const old = { ...account, targetAllowList: ['no entry!'] };
  expect((await known.account(old, 'incoming')).errors).not.toEqual([]);
  expect((await known.account(old, 'stored')).errors).toEqual([]);
});
