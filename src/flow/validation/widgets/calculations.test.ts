import { describe, expect, it } from 'vitest';
import { validateAccount, validateFlow } from '../validate.js';

const flow = (widget: object) => ({ hookline: 1, id: 'testflow', start: 'it', widgets: { it: widget } });
const errorsOf = (operation: object) =>
  validateFlow(flow({ type: 'operation', operation, saveIn: '$flow.key.x' })).errors;
const placesOf = (operation: object) => errorsOf(operation).map(({ code, pointer }) => `${code} ${pointer}`);
const AT = '/widgets/it/operation';

describe('validation of operations', () => {
  it('D1: each kind of operation has fields of its own, and a slip is found with the nearest name', () => {
    expect(errorsOf({ do: 'extract', text: 'a', from: 1, lenght: 2 })).toMatchObject([
      { code: 'UNKNOWN_FIELD', pointer: `${AT}/lenght` },
    ]);
    expect(errorsOf({ do: 'extract', text: 'a', from: 1, lenght: 2 })[0]?.message).toContain('Did you mean "length"?');
    expect(errorsOf({ do: 'substract', left: 1, right: 2 })).toMatchObject([
      { code: 'INVALID_VALUE', pointer: `${AT}/do` },
    ]);
    expect(placesOf({ do: 'add', left: 1 })).toEqual([`MISSING_FIELD ${AT}/right`]);
    expect(placesOf({ do: 'add', left: 1, right: 2, digits: 3 })).toEqual([`UNKNOWN_FIELD ${AT}/digits`]);
  });

  it('C4: an operand without variables that can never work is an error at its place, all of them at once', () => {
    expect(placesOf({ do: 'add', left: 'abc', right: '1,5' })).toEqual([
      `INVALID_VALUE ${AT}/left`,
      `INVALID_VALUE ${AT}/right`,
    ]);
    expect(placesOf({ do: 'divide', left: 1, right: 0 })).toEqual([`INVALID_VALUE ${AT}/right`]);
    expect(placesOf({ do: 'remainder', left: 1, right: '0.0' })).toEqual([`INVALID_VALUE ${AT}/right`]);
    expect(placesOf({ do: 'round', number: '', digits: 2 })).toEqual([`INVALID_VALUE ${AT}/number`]);
    expect(placesOf({ do: 'extract', text: '', from: 0, length: -1 })).toEqual([
      `INVALID_VALUE ${AT}/from`,
      `INVALID_VALUE ${AT}/length`,
    ]);
    expect(placesOf({ do: 'addDuration', date: 'soon', amount: 1.5, unit: 'days', timeZone: 'Mars' })).toEqual([
      `INVALID_VALUE ${AT}/date`,
      `INVALID_VALUE ${AT}/amount`,
      `INVALID_VALUE ${AT}/timeZone`,
    ]);
    expect(placesOf({ do: 'durationBetween', from: '2026-01-01', to: '2026-02-30', unit: 'days' })).toEqual([
      `INVALID_VALUE ${AT}/to`,
    ]);
  });

  it('V3: a number in JSON that has lost digits already is refused', () => {
    expect(placesOf({ do: 'add', left: 12345678901234567890, right: 1 })).toEqual([`INVALID_VALUE ${AT}/left`]);
    expect(placesOf({ do: 'add', left: '12345678901234567890', right: 1 })).toEqual([]);
  });

  it('D1: a format with letters that mean nothing is an error, and dates are judged by a right format only', () => {
    expect(errorsOf({ do: 'formatDate', date: '$call.start', format: 'DD.MM.yyyy' })[0]).toMatchObject({
      pointer: `${AT}/format`,
      message: expect.stringContaining('Did you mean "dd"?') as string,
    });
    expect(placesOf({ do: 'formatDate', date: '31.01.2026', format: 'yyyy', inputFormat: 'DD.MM.yyyy' })).toEqual([
      `INVALID_VALUE ${AT}/inputFormat`,
    ]);
    expect(placesOf({ do: 'formatDate', date: '31.01.2026', format: 'yyyy', inputFormat: 'dd.MM.yyyy' })).toEqual([]);
    expect(placesOf({ do: 'formatDate', date: '31-01-2026', format: 'yyyy', inputFormat: 'dd.MM.yyyy' })).toEqual([
      `INVALID_VALUE ${AT}/date`,
    ]);
    expect(placesOf({ do: 'formatDate', date: 'x', format: 'yyyy', inputFormat: '$flow.key.f' })).toEqual([]);
  });

  it('V4: an operand with a variable is judged in the call', () => {
    for (const operation of [
      { do: 'divide', left: 'x$flow.key.a', right: '$flow.key.a' },
      { do: 'extract', text: '$flow.key.a', from: '$flow.key.a', length: '$flow.key.a' },
      { do: 'addDuration', date: '$flow.key.a', amount: '$flow.key.a', unit: 'years', timeZone: '$flow.key.a' },
      { do: 'formatDate', date: '$flow.key.a', format: '$flow.key.a' },
    ]) {
      expect(errorsOf(operation)).toEqual([]);
    }
  });

  it('D5, V5: variables that are read and saved in are known to validation', () => {
    const operation = { do: 'add', left: '$flow.key.never', right: 1 };
    expect(validateFlow(flow({ type: 'operation', operation, saveIn: '$call.id' }))).toMatchObject({
      errors: [{ code: 'READ_ONLY_VARIABLE', pointer: '/widgets/it/saveIn' }],
      warnings: [{ code: 'VARIABLE_NEVER_SET', pointer: `${AT}/left` }],
    });
  });
});

describe('validation of business hours', () => {
  const hours = { days: { mon: [{ from: '09:00', to: '17:00' }] } };
  const bare = flow({ type: 'timeCondition' });

  it('D5: hours that neither widget nor account has are an error with an account, and a warning without', () => {
    const missing = { code: 'HOURS_MISSING', pointer: '/widgets/it/hours' };
    expect(validateFlow(bare, validateAccount({ id: 1 }).value).errors).toMatchObject([missing]);
    const { errors, warnings } = validateFlow(bare);
    expect({ errors, warnings }).toMatchObject({ errors: [], warnings: [missing] });
    expect(validateFlow(bare, validateAccount({ id: 1, hours }).value).errors).toEqual([]);
    expect(validateFlow(flow({ type: 'timeCondition', hours })).warnings).toEqual([]);
  });

  it('C4: hours and time zones that are none are errors at their place', () => {
    const wrong = { days: { mon: [{ from: '9:00', to: '24:00' }], mo: [] }, holidays: ['2026-02-30'] };
    const { errors } = validateFlow(flow({ type: 'timeCondition', hours: wrong, timeZone: 'Europe/Bonn' }));
    expect(errors.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining([
        '/widgets/it/hours/days/mon/0/from',
        '/widgets/it/hours/days/mon/0/to',
        '/widgets/it/hours/holidays/0',
      ]),
    );
    expect(errors.find(({ pointer }) => pointer.endsWith('/holidays/0'))?.message).toBe(
      'A holiday is a day such as 2026-12-25, or 12-25 for that day of every year.',
    );
    for (const [day, count] of [
      ['12-25', 0],
      ['02-29', 0],
      ['02-30', 1],
      ['4-1', 1],
    ] as const) {
      const yearly = validateFlow(flow({ type: 'timeCondition', hours: { days: {}, holidays: [day] } }));
      expect(yearly.errors).toHaveLength(count);
    }
    const zone = validateFlow(flow({ type: 'timeCondition', hours, timeZone: 'Europe/Bonn' }));
    expect(zone.errors).toMatchObject([{ code: 'INVALID_VALUE', pointer: '/widgets/it/timeZone' }]);
    expect(validateFlow(flow({ type: 'timeCondition', hours, timeZone: '$flow.key.zone' })).errors).toEqual([]);
  });
});
