/**
 * Reads what a bridge says. Bridges are written by others, in any language: what they get wrong must neither hold up a
 * call nor hide a hang-up. Contract B2, B3, B8, C4.
 * @module
 */
import { EPOCH } from '../flow/documents/epoch.js';
import type { CommandResult, ListedResult } from './commands.js';
import { ANSWERED_BY, type AnsweredBy, type BridgeEvent } from './events.js';
import { CAUSE } from './causes.js';

/** The event that a signal carries; undefined when it does not say which leg it is of, or which event it is. */
export function readEvent(value: unknown): BridgeEvent | undefined {
  if (!isObject(value)) return undefined;
  const { eventId, seq, leg, type } = value;
  if (typeof eventId !== 'string' || typeof leg !== 'string' || !Number.isSafeInteger(seq)) return undefined;
  const base = { eventId, leg, seq: Number(seq), at: timeOf(value.at) };
  switch (type) {
    case 'legRinging':
      return { ...base, type, earlyMedia: value.earlyMedia === true };
    case 'legAnswered':
      return { ...base, type, ...(isAnsweredBy(value.by) && { by: value.by }) };
    case 'legEnded':
      return { ...base, type, cause: causeOf(value.cause), by: value.by === 'us' ? 'us' : 'remote' };
    case 'digits':
      return typeof value.digits === 'string' ? { ...base, type, digits: value.digits } : undefined;
    case 'recordingReady': {
      const { name, url } = value;
      return typeof name === 'string' && typeof url === 'string' ? { ...base, type, name, url } : undefined;
    }
    default:
      return undefined;
  }
}

/** The result of a command; undefined when it is none of those that there are. */
export function readResult(value: unknown): CommandResult | undefined {
  if (!isObject(value)) return undefined;
  if (value.result === 'legGone' || value.result === 'superseded') {
    return { result: value.result, ...(typeof value.at === 'string' && { at: timeOf(value.at) }) };
  }
  if (value.result !== 'done') return undefined;
  return {
    result: 'done',
    at: timeOf(value.at),
    ...(typeof value.digits === 'string' && { digits: value.digits }),
    ...(value.ended === 'noInput' && { ended: value.ended }),
  };
}

/** The epoch of a node in its answer to a `watch`; null when it has none. Contract B8. */
export function readEpoch(value: unknown): string | null {
  if (!isObject(value) || typeof value.epoch !== 'string') return null;
  return EPOCH.test(value.epoch) ? value.epoch : null;
}

/**
 * What came of the commands of a sequence, up to the first that was not done. What says nothing of single commands, such as a
 * leg that was gone before, is said of the first; undefined stands for what cannot be read. Contract B7.
 */
export function readListed(value: unknown): (ListedResult | undefined)[] {
  if (!isObject(value) || value.result !== 'done') return [readResult(value)];
  const results: (ListedResult | undefined)[] = [];
  for (const entry of Array.isArray(value.results) ? (value.results as unknown[]) : []) {
    const result = readError(entry) ?? readResult(entry);
    results.push(result);
    if (!result || 'error' in result || result.result !== 'done') break;
  }
  return results;
}

function readError(value: unknown): ListedResult | undefined {
  if (!isObject(value) || !isObject(value.error)) return undefined;
  const { type, message } = value.error;
  if (typeof type !== 'string') return undefined;
  return { error: { type, message: typeof message === 'string' ? message : `The bridge answered ${type}.` } };
}

/** The bridge's time in ISO 8601; now, where it gave none. */
function timeOf(value: unknown): string {
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  return new Date(Number.isNaN(time) ? Date.now() : time).toISOString();
}

function isAnsweredBy(value: unknown): value is AnsweredBy {
  return typeof value === 'string' && ANSWERED_BY.includes(value);
}

function causeOf(value: unknown): number {
  const cause = Number(value);
  return Number.isInteger(cause) && cause >= 1 && cause <= 127 ? cause : CAUSE.normal;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
