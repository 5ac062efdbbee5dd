import { describe, expect, it } from 'vitest';
import { validateFlow } from '../validate.js';

const ask = (next: string, more: object = {}) => ({
  ...{ type: 'webhook', request: { method: 'GET', url: 'https://a.example.com/' }, wait: { enabled: false } },
  ...{ lines: { success: next }, ...more },
});
const collect = (of: string, lines: object = {}) => ({ type: 'awaitAnswer', of, lines });
function found(widgets: Record<string, object>, more: object = {}) {
  const start = Object.keys(widgets)[0];
  const { errors, warnings } = validateFlow({ hookline: 1, id: 'aheadflw', start, widgets, ...more }, undefined);
  return [...errors, ...warnings].map(({ code, pointer }) => `${code} ${pointer}`);
}

describe('H9: an answer that nobody can collect', () => {
  it('H9: of a widget that is not there, that asks nothing, or that waits itself', () => {
    expect(found({ a: ask('b'), b: collect('aa') })).toEqual(['UNKNOWN_WIDGET /widgets/b/of']);
    expect(found({ a: { type: 'play', prompt: { text: 'x' }, lines: { next: 'b' } }, b: collect('a') })).toEqual([
      'INVALID_VALUE /widgets/b/of',
    ]);
    expect(found({ a: ask('b', { wait: {} }), b: collect('a') })).toEqual(['INVALID_VALUE /widgets/b/of']);
    expect(found({ a: ask('b', { wait: { leaveKey: '*', onLeave: 'finish' } }), b: collect('a') })).toEqual([]);
  });

  it('H9: one that was not asked when it runs, or is collected already, is warned of', () => {
    const warned = ['ANSWER_NOT_ASKED /widgets/b/of'];
    expect(found({ b: collect('a', { failure: 'a', success: 'a' }), a: ask('c'), c: { type: 'hangUp' } })).toEqual(warned);
    expect(found({ a: ask('c'), c: collect('a', { success: 'b', failure: 'x' }), b: collect('a'), x: { type: 'hangUp' } })).toEqual(warned);
    expect(found({ a: ask('c'), c: collect('a', { failure: 'b' }), b: collect('a') })).toEqual([]);
    expect(found({ a: ask('c'), c: { type: 'hangUp' }, b: collect('a') }, { onRemoteHangup: 'b' })).toEqual([]);
    const subflows = [{ id: 'sub00001', start: 'b', widgets: { b: collect('a', { failure: 'a' }), a: ask('b') } }];
    expect(found({ run: { type: 'subflow', flow: 'sub00001', lines: { next: 'run' } } }, { subflows }).filter((one) => one.startsWith('ANSWER'))).toEqual([]);
  }); // prettier-ignore
});
