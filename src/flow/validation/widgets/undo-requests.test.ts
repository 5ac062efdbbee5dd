import { expect, it } from 'vitest';
import { validateFlow } from '../validate.js';

const request = { method: 'DELETE', url: 'https://a.example.com/seats' };
const book = (undo: object, lines: object = {}) => ({
  ...{ type: 'webhook', request: { method: 'POST', url: 'https://a.example.com/seats' }, lines },
  undo: { request, ...undo },
});
function found(widgets: Record<string, object>) {
  const start = Object.keys(widgets)[0];
  const { errors, warnings } = validateFlow({ hookline: 1, id: 'undoflow', start, widgets }, undefined);
  return [...errors, ...warnings].map(({ code, pointer }) => `${code} ${pointer}`);
}

it('H10: the undo request is checked as every request is', () => {
  const body = { type: 'json', content: '{}' };
  expect(found({ a: book({ request: { method: 'GET', url: 'ftp://x', body } }) })).toEqual([
    'BODY_NOT_ALLOWED /widgets/a/undo/request/body',
    'INVALID_VALUE /widgets/a/undo/request/url',
  ]);
  const auth = { type: 'bearer', token: { secret: 'none' } };
  expect(found({ a: book({ request: { ...request, auth } }) })).toEqual([
    'UNKNOWN_SECRET /widgets/a/undo/request/auth/token/secret',
  ]);
  expect(found({ a: book({ on: ['gone'] }) })).toEqual(['INVALID_VALUE /widgets/a/undo/on/0']);
  expect(found({ a: book({ on: [] }) })).toEqual(['INVALID_VALUE /widgets/a/undo/on']);
});

it('H10: `keep` names webhooks that have something to take back', () => {
  const keep = (of: string[]) => ({ type: 'keep', of });
  expect(found({ a: book({}, { success: 'k' }), k: keep(['b']) })).toEqual(['UNKNOWN_WIDGET /widgets/k/of/0']);
  expect(found({ a: book({}, { success: 'k' }), k: keep(['a', 'k']) })).toEqual(['INVALID_VALUE /widgets/k/of/1']);
});

it('H10: what every hang-up takes back is warned of, unless a `keep` can follow on the line success', () => {
  const hungUp = { on: ['hungUp'] };
  const warned = ['UNDO_WITHOUT_KEEP /widgets/a/undo/on'];
  const say = (next?: string) => ({ type: 'play', prompt: { text: 'x' }, ...(next && { lines: { next } }) });
  expect(found({ a: book(hungUp, { success: 's' }), s: say() })).toEqual(warned);
  expect(found({ a: book(hungUp, { failure: 'k' }), k: { type: 'keep' } })).toEqual(warned);
  expect(found({ a: book(hungUp, { success: 's' }), s: say('k'), k: { type: 'keep', of: ['a'] } })).toEqual([]);
  expect(found({ a: book({}, { success: 's' }), s: say() })).toEqual([]);
});
