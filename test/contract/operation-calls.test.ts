import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { CallProgress } from '../../src/engine/call-report.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await timeSkippingRig();
});
afterAll(() => rig.close());

/** A flow of these operations one after the other, each saving in the variable of its name. */
const chain = (operations: Record<string, object>) => {
  const names = Object.keys(operations);
  return flowOf(
    Object.fromEntries(
      names.map((name, index) => {
        const next = names[index + 1];
        const lines = next === undefined ? {} : { next };
        return [name, { type: 'operation', operation: operations[name], saveIn: `$flow.key.${name}`, lines }];
      }),
    ),
  );
};
/** One operation that has a line for each way out, with a value already in its variable. */
const single = (operation: object) =>
  flowOf({
    it: { type: 'operation', operation, saveIn: '$flow.key.result', lines: { next: 'good', failure: 'bad' } },
    good: { type: 'hangUp' },
    bad: { type: 'hangUp' },
  });
const variables = {
  '$flow.key.result': 'before',
  '$flow.key.id': '12345678901234567890',
  '$flow.key.secret': 'hunter2',
};

describe('operation: line next', () => {
  it('V3, V4: texts and numbers are calculated of variables, exactly, and later widgets read the results', async () => {
    const flow = chain({
      whole: { do: 'concatenate', texts: ['A-', '$flow.key.id', '-', 7] },
      size: { do: 'length', text: '$flow.key.whole' },
      big: { do: 'uppercase', text: 'order ${flow.key.whole}z' },
      small: { do: 'lowercase', text: '$flow.key.big' },
      tail: { do: 'extract', text: '$call.cli.number', from: -4, length: '2' },
      sum: { do: 'add', left: '$flow.key.id', right: 1 },
      rest: { do: 'subtract', left: '$flow.key.sum', right: '$flow.key.id' },
      product: { do: 'multiply', left: '0.1', right: 0.2 },
      share: { do: 'divide', left: '$flow.key.sum', right: 8 },
      odd: { do: 'remainder', left: '$flow.key.sum', right: 2 },
      rounded: { do: 'round', number: '$flow.key.share', digits: 1 },
      copy: { do: 'assign', value: '$flow.key.rounded' },
      flag: { do: 'assign', value: true },
    });
    const report = await rig.run({ flow, variables, caller: { from: '919800000123' } });
    expect(report).toMatchObject({ outcome: 'completed', error: null });
    expect(report.path.every(({ line, lineNumber }) => line === 'next' && lineNumber === 0)).toBe(true);
    expect(report.variables).toMatchObject({
      '$flow.key.whole': 'A-12345678901234567890-7',
      '$flow.key.size': '24',
      '$flow.key.big': 'ORDER A-12345678901234567890-7Z',
      '$flow.key.small': 'order a-12345678901234567890-7z',
      '$flow.key.tail': '01',
      '$flow.key.sum': '12345678901234567891',
      '$flow.key.rest': '1',
      '$flow.key.product': '0.02',
      '$flow.key.share': '1543209862654320986.375',
      '$flow.key.odd': '1',
      '$flow.key.rounded': '1543209862654320986.4',
      '$flow.key.copy': '1543209862654320986.4',
      '$flow.key.flag': 'true',
    });
  });

  it("F7: dates are calculated in the account's time zone, or in the operation's own", async () => {
    const flow = chain({
      due: { do: 'addDuration', date: '2026-01-31', amount: '$flow.key.months', unit: 'months' },
      later: { do: 'addDuration', date: '2026-03-28T12:00', amount: 24, unit: 'hours' },
      before: { do: 'subtractDuration', date: '$flow.key.later', amount: 1, unit: 'days' },
      days: { do: 'durationBetween', from: '2026-01-31', to: '$flow.key.due', unit: 'days' },
      spoken: { do: 'formatDate', date: '$flow.key.before', format: "EEEE d MMMM 'at' h:mm a" },
      abroad: { do: 'formatDate', date: '2026-01-01T00:00Z', format: 'HH:mm z', timeZone: '$flow.key.zone' },
      read: { do: 'formatDate', date: '31/12/26', inputFormat: 'dd/MM/yy', format: 'yyyy-MM-dd' },
    });
    const given = { '$flow.key.months': '1', '$flow.key.zone': 'Asia/Kolkata' };
    const report = await rig.run({ flow, variables: given, account: { timeZone: 'Europe/Berlin' } });
    expect(report.variables).toMatchObject({
      '$flow.key.due': '2026-02-28',
      '$flow.key.later': '2026-03-29T13:00:00+02:00',
      '$flow.key.before': '2026-03-28T13:00:00+01:00',
      '$flow.key.days': '28',
      '$flow.key.spoken': 'Saturday 28 March at 1:00 PM',
      '$flow.key.abroad': '05:30 Asia/Kolkata',
      '$flow.key.read': '2026-12-31',
    });
    expect(report.path.every(({ line }) => line === 'next')).toBe(true);
  });
});

describe('operation: line failure', () => {
  const huge = 'x'.repeat(40_000);
  const cases: [what: string, operation: object, note: string][] = [
    ['an absent operand', { do: 'assign', value: 'a$flow.key.none' }, '"value" has no value: $flow.key.none is absent'],
    ['no number', { do: 'add', left: '$flow.key.secret', right: 1 }, '"left" is no number (it is a text of 7 char'],
    ['division by zero', { do: 'divide', left: 1, right: '$flow.key.zero' }, '"right" is zero'],
    ['too many digits', { do: 'multiply', left: '$flow.key.long', right: '$flow.key.long' }, 'more than 1000 digits'],
    ['no date', { do: 'addDuration', date: '$flow.key.secret', amount: 1, unit: 'days' }, '"date" is no date as ISO'],
    ['no time zone', { do: 'formatDate', date: '2026-01-01', format: 'yyyy', timeZone: '$flow.key.secret' }, 'IANA'],
    ['no format', { do: 'formatDate', date: '2026-01-01', format: '$flow.key.zero' }, '"format" holds no part'],
    ['V6: a value over 64 KiB', { do: 'concatenate', texts: ['$flow.key.huge', '$flow.key.huge'] }, 'VARIABLE_LIMIT'],
  ];
  it.each(cases)(
    'V6: %s takes line failure, leaves the variable unchanged, and the timeline says why',
    async (...one) => {
      const [, operation, note] = one;
      const given = { ...variables, '$flow.key.zero': '0', '$flow.key.long': '9'.repeat(600), '$flow.key.huge': huge };
      const { handle, report: ended } = await rig.start({ flow: single(operation), variables: given });
      const report = await ended();
      expect(report.path.map(({ widget, line, lineNumber }) => [widget, line, lineNumber])).toEqual([
        ['it', 'failure', 1],
        ['bad', null, null],
      ]);
      expect(report).toMatchObject({ outcome: 'completed', error: null });
      expect(report.variables['$flow.key.result']).toBe('before');
      const { timeline } = await handle.query<CallProgress>('progress');
      const notes = timeline.filter(({ kind }) => kind === 'note').map(({ text }) => text);
      expect(notes.join('\n')).toContain(`it: `);
      expect(notes.join('\n')).toContain(note);
      expect(notes.join('\n')).not.toContain('hunter2');
    },
  );

  it('C4: a failure with no line ends the flow as completed', async () => {
    const report = await rig.run({ flow: chain({ it: { do: 'length', text: '$flow.key.none' } }) });
    expect(report).toMatchObject({ outcome: 'completed', error: null, path: [{ line: 'failure', lineNumber: 1 }] });
  });
});

describe('operation: determinism', () => {
  it('no time-zone data is asked for in the workflow: the bundle holds the library of numbers, not that of dates', async () => {
    const bundle = await readFile(inject('workflowBundle'), 'utf8');
    expect(bundle).toMatch(/node_modules\/big\.js/);
    expect(bundle).not.toMatch(/node_modules\/luxon/);
    expect(bundle).not.toMatch(/node_modules\/zod/);
  });
});

describe('D2c: operations that need their call or its worker', () => {
  it('D2c, R5, V7: a split text is an array, an item is picked with its mark, and now is a moment of the call', async () => {
    const save = (name: string, operation: object, next: string, more: object = {}) => ({
      ...{ type: 'operation', operation, saveIn: `$flow.key.${name}`, lines: { next } },
      ...more,
    });
    const flow = flowOf({
      parts: save('part', { do: 'split', text: '$flow.key.codes', separator: ',' }, 'item', { sensitive: true }),
      item: save('item', { do: 'pick', of: '$flow.key.part', number: '2' }, 'dice'),
      dice: save('dice', { do: 'random', from: 1, to: 6 }, 'found'),
      found: save('found', { do: 'match', text: 'A-17', pattern: '\\d+$' }, 'written'),
      written: save('written', { do: 'formatNumber', number: 1234567, locale: 'en-IN' }, 'moment'),
      moment: save('moment', { do: 'now' }, 'bye'),
      bye: { type: 'hangUp' },
    });
    const given = { '$flow.key.codes': 'a,b,c', '$flow.key.part_4': 'old' };
    const { variables, path } = await rig.run({ flow, variables: given, account: { timeZone: 'Asia/Kolkata' } });
    expect(path.map(({ line }) => line).slice(0, -1)).toEqual(Array(6).fill('next'));
    expect(variables).toMatchObject({
      '$flow.key.part_1': '***',
      '$flow.key.part_size': '***',
      '$flow.key.item': '***',
    });
    expect(variables).toMatchObject({ '$flow.key.found': '17', '$flow.key.written': '12,34,567' });
    expect(variables).not.toHaveProperty('$flow.key.part_4');
    expect(variables['$flow.key.dice']).toMatch(/^[1-6]$/);
    expect(variables['$flow.key.moment']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30$/);
  });
});
