import { describe, expect, it } from 'vitest';
import { validateAccount, validateFlow } from '../validate.js';

const entry = (at: number, more: object = {}) => ({ at, prompt: { text: 'one moment' }, ...more });
const errorsOf = (wait: object, lines: object = {}) => {
  const request = { method: 'GET', url: 'https://api.example.com/' };
  const widgets = { ask: { type: 'webhook', request, wait, lines } };
  const { errors } = validateFlow({ hookline: 1, id: 'waitflow', start: 'ask', widgets }, undefined);
  return errors.map(({ code, pointer, message }) => `${code} ${pointer.replace('/widgets/ask/', '')}: ${message}`);
};
const WAIT = 'INVALID_VALUE wait/timeline';

describe('H6: a timeline that cannot work is refused', () => {
  it('H6: moments that do not rise, or come when the wait is over', () => {
    expect(errorsOf({ timeout: 30, timeline: [entry(5), entry(5), entry(31)] })).toEqual([
      `${WAIT}/1/at: This is no later than the entry before it, at 5 s.`,
      `${WAIT}/2/at: The wait is over after 30 s, so nobody hears this.`,
    ]);
    expect(errorsOf({ timeline: [entry(0.5)] })[0]).toMatch(/wait\/timeline\/0\/at/);
    expect(errorsOf({ timeline: Array.from({ length: 11 }, (_, n) => entry(n + 1)) })[0]).toMatch(/wait\/timeline/);
  });

  it('H6: an entry that comes again and is not the last', () => {
    expect(errorsOf({ timeline: [entry(5, { every: 10 }), entry(9, { every: 10 })] })).toEqual([
      `${WAIT}/0/every: Only the last entry of a timeline can come again.`,
    ]);
    expect(errorsOf({ timeline: [entry(5, { every: 4 })] })[0]).toMatch(/wait\/timeline\/0\/every/);
  });

  it('H6: a key that means two things, a line that another one has, a line that no key has', () => {
    const keys = { '*': 'away', 1: 'success', 2: 'left', 3: 'fine' };
    expect(errorsOf({ leaveKey: '*', timeline: [entry(5, { keys })] }, { fine: 'ask', fin: 'ask' })).toEqual([
      'UNKNOWN_LINE lines/fin: There is no line "fin". Did you mean "fine"? Known here: success, failure, left, success, fine, away.',
      `${WAIT}/0/keys/1: "success" is another line of this widget. Choose another name.`,
      `${WAIT}/0/keys/2: "left" is another line of this widget. Choose another name.`,
      `${WAIT}/0/keys/*: The key "*" leaves the wait from its start, by line "left".`,
    ]);
    expect(errorsOf({ timeline: [entry(5, { keys: { 12: 'x' } })] })[0]).toMatch(/keys/);
  });

  it('H6: a wait that nobody waits in', () => {
    expect(errorsOf({ enabled: false, timeline: [entry(5)] })).toEqual([
      `${WAIT}: Nobody waits here, so nothing is heard: leave out the timeline, or "enabled": false.`,
    ]);
  });

  it('H6: the timeline of an account has no keys, and the same order', () => {
    const { errors } = validateAccount({ id: 1, waitTimeline: [entry(5, { keys: { 1: 'x' } }), entry(4)] });
    expect(errors.map(({ code, pointer }) => `${code} ${pointer}`).sort()).toEqual([
      'INVALID_VALUE /waitTimeline/1/at',
      'UNKNOWN_FIELD /waitTimeline/0/keys',
    ]);
  });
});
