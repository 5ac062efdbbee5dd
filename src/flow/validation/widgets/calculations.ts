/**
 * What validation knows of `operation` and `timeCondition`: operands without variables that can never work, zones and
 * formats that are none, and business hours that nobody has. Contract C4, D5.
 * @module
 */
import { type Account, isTimeZone } from '../../documents/account.js';
import type { Problem } from '../../errors.js';
import { type Operation, OperationFault } from '../../operation/fault.js';
import { readDivisor, readNumber, readWhole } from '../../operation/numbers.js';
import { readLength, readPosition } from '../../operation/texts.js';
import { fill, orAbsent } from '../../values/fill.js';
import { variablesIn } from '../../values/reference.js';
import { inputFormatFault, outputFormatFault } from '../../time/formats.js';
import { readLocale } from '../../time/locales.js';
import { readDate, readZone } from '../../time/read-date.js';
import { Patterns } from '../../values/pattern.js';
import type { WidgetOf } from '../../widgets/index.js';
import { pointer } from '../pointer.js';

type Path = readonly PropertyKey[];
type Read = (field: string, text: string) => unknown;

/** Any zone: whether a text is a date does not depend on it. */
const ANY_ZONE = 'UTC';

/** Operands of an operation that can never work. */
export function operationErrors({ operation }: WidgetOf<'operation'>, path: Path): Problem[] {
  return checks(operation).flatMap(([field, template, read]) => {
    const text = literal(template);
    if (text === undefined) return [];
    try {
      read(field, text);
      return [];
    } catch (error) {
      if (!(error instanceof OperationFault)) throw error;
      const place = pointer(...path, 'operation', error.field);
      return [{ code: 'INVALID_VALUE' as const, pointer: place, message: error.message }];
    }
  });
}

/** A time zone that is none. */
export function timeZoneErrors(timeZone: string | undefined, path: Path): Problem[] {
  const zone = literal(timeZone);
  if (zone === undefined || isTimeZone(zone)) return [];
  const message = `"${zone}" is no IANA time zone, such as Asia/Kolkata.`;
  return [{ code: 'INVALID_VALUE', pointer: pointer(...path, 'timeZone'), message }];
}

/** A `timeCondition` without business hours; it depends on the account. Contract D5. */
export function hoursFaults(widget: WidgetOf<'timeCondition'>, account: Account, path: Path): Problem[] {
  if (widget.hours ?? account.hours) return [];
  const message = 'Neither the widget nor the account has business hours.';
  return [{ code: 'HOURS_MISSING', pointer: pointer(...path, 'hours'), message }];
}

/** The operands of an operation that must be more than a text, each with what reads it. */
function checks(operation: Operation): [field: string, template: string | undefined, read: Read][] {
  switch (operation.do) {
    case 'extract':
      return [['from', operation.from, readPosition], ['length', operation.length, readLength]]; // prettier-ignore
    case 'add':
    case 'subtract':
    case 'multiply':
      return [['left', operation.left, readNumber], ['right', operation.right, readNumber]]; // prettier-ignore
    case 'divide':
    case 'remainder':
      return [['left', operation.left, readNumber], ['right', operation.right, readDivisor]]; // prettier-ignore
    case 'round':
      return [['number', operation.number, readNumber]];
    case 'durationBetween':
      return [...dates(operation, { from: operation.from, to: operation.to }), ...reading(operation)];
    case 'addDuration':
    case 'subtractDuration':
      return [
        ...dates(operation, { date: operation.date }),
        ['amount', operation.amount, readWhole],
        ...reading(operation),
      ];
    case 'pad':
      return [['length', operation.length, readLength]];
    case 'pick':
      return [['number', operation.number, readWhole]];
    case 'random':
      return [['from', operation.from, readWhole], ['to', operation.to, readWhole]]; // prettier-ignore
    case 'match':
      return [['pattern', operation.pattern.replaceAll('$', '$$$$'), readPattern]];
    case 'formatNumber':
      return [['number', operation.number, readNumber], ['locale', operation.locale, readLocale]]; // prettier-ignore
    case 'now':
      return [['timeZone', operation.timeZone, readZone]];
    case 'formatDate':
      return [
        ['locale', operation.locale, readLocale],
        ...dates(operation, { date: operation.date }),
        ['format', operation.format, format(outputFormatFault)],
        ...reading(operation),
      ];
    default:
      return [];
  }
}

type Reading = { inputFormat?: string | undefined; timeZone?: string | undefined };

function reading({ inputFormat, timeZone }: Reading): ReturnType<typeof checks> {
  return [['inputFormat', inputFormat, format(inputFormatFault)], ['timeZone', timeZone, readZone]]; // prettier-ignore
}

/** Dates can be judged only by a format that is known and right; one that is wrong is reported by itself. */
function dates({ inputFormat }: Reading, fields: Record<string, string>): ReturnType<typeof checks> {
  const known = literal(inputFormat);
  if (inputFormat !== undefined && (known === undefined || inputFormatFault(known) !== undefined)) return [];
  const read: Read = (field, text) => readDate(field, text, ANY_ZONE, known);
  return Object.entries(fields).map(([field, text]) => [field, text, read]);
}

function format(faultOf: (format: string) => string | undefined): Read {
  return (field, text) => {
    const fault = faultOf(text);
    if (fault !== undefined) throw new OperationFault(field, fault);
  };
}

/** A pattern takes no variable; it stands as it is. @throws {OperationFault} */
function readPattern(field: string, pattern: string): void {
  const fault = new Patterns().fault(pattern);
  if (fault !== undefined) throw new OperationFault(field, `cannot be used: ${fault}`);
}

/** The text of a template without variables; undefined where its value is not known before the call. */
function literal(template: string | undefined): string | undefined {
  if (template === undefined || variablesIn(template).length > 0) return undefined;
  return fill(template, () => undefined, orAbsent);
}
