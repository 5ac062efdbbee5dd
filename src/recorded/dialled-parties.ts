/**
 * How the numbers behaved that a call dialled, for a caller file. Contract D6.
 * @module
 */
import type * as z from 'zod';
import type { caller } from '../flow/documents/caller.js';
import type { BridgeEvent } from '../telephony/events.js';
import type { Logged, LoggedCommand } from './party-log.js';
import type { Step } from './caller-steps.js';
import { simulatedMs } from './spoken-time.js';

/** A number's behaviour as a caller file has it. */
export type Party = NonNullable<z.input<typeof caller>['legs']>[string];

/** Numbers and their behaviour, and those that did not behave alike each time. */
export interface Parties {
  legs: Record<string, Party>;
  unlike: number;
}

/** The lines of errors and causes, by the names of a caller file. Contract B4. */
const BECAUSE: Readonly<Record<string, NonNullable<Party['because']>>> = {
  ...{ BUSY: 'busy', NO_ANSWER: 'noAnswer', REJECTED: 'rejected', UNREACHABLE: 'unreachable' },
  ...{ 17: 'busy', 21: 'rejected', 1: 'unreachable', 3: 'unreachable', 20: 'unreachable', 22: 'unreachable' },
  ...{ 27: 'unreachable', 28: 'unreachable' },
};
/** Seconds by which two answers of one number may differ, and count as alike. */
const ALIKE_S = 1;
/** The longest ringing of a caller file, in seconds. */
const LONGEST_S = 600;

/** The behaviour of each number that was dialled, or that the caller was handed over to. */
export function dialledParties(log: readonly Logged[]): Parties {
  const legs: Record<string, Party> = {};
  let unlike = 0;
  for (const one of log) {
    if (one.kind !== 'command') continue;
    const number = numberOf(one);
    if (number === undefined) continue;
    const party = partyOf(one, log);
    const known = legs[number];
    if (known && !alike(known, party)) unlike += 1;
    legs[number] ??= party;
  }
  return { legs, unlike };
}

/** The number that a command rings. */
export function numberOf({ command }: Pick<LoggedCommand, 'command'>): string | undefined {
  return (command.type === 'dial' || command.type === 'transfer') && 'to' in command ? command.to : undefined;
}

function partyOf(rung: LoggedCommand, log: readonly Logged[]): Party {
  const { command, start, end, result, error } = rung;
  const event = <T extends BridgeEvent['type']>(type: T) =>
    log.find((one) => one.kind === 'event' && one.event.type === type && one.event.leg === command.leg);
  const own = command.type === 'dial';
  const ringing = own ? event('legRinging') : undefined;
  const from = ringing?.kind === 'event' ? ringing.at : start;
  const after = Math.min(LONGEST_S, Math.max(0, Math.round((end ?? from) - from)) / 1000);
  const early = ringing?.kind === 'event' && ringing.event.type === 'legRinging' && ringing.event.earlyMedia;
  const answered = own ? event('legAnswered') : undefined;
  const byMachine =
    answered?.kind === 'event' && answered.event.type === 'legAnswered' && answered.event.by === 'machine';
  const media = { ...(early && { earlyMedia: true }), ...(byMachine && { machine: true }) };
  if (result?.result === 'done') return { after, ...media, ...(own && stepsOf(command.leg, log)) };
  const ended = event('legEnded');
  const cause = ended?.kind === 'event' && ended.event.type === 'legEnded' && ended.event.by === 'remote';
  const because = BECAUSE[error ?? (cause ? String((ended.event as { cause: number }).cause) : '')] ?? 'noAnswer';
  // One that nobody answers rings on, for as long as it is rung.
  return because === 'noAnswer' ? { answers: false, ...media } : { answers: false, because, after, ...media };
}

/** What a party did after the call had turned to it. */
function stepsOf(leg: string, log: readonly Logged[]): { steps?: Step[] } {
  const turned = log.find(
    (one) =>
      one.kind === 'command' &&
      ((one.command.type === 'join' && one.command.with === leg) ||
        (one.command.leg === leg && one.command.type !== 'dial')),
  );
  if (turned?.kind !== 'command') return {};
  let last = turned.start;
  const steps = log.flatMap((one): Step[] => {
    if (one.kind !== 'event' || one.event.leg !== leg || one.at < turned.start) return [];
    const { event } = one;
    const does =
      event.type === 'digits'
        ? { press: event.digits, now: true }
        : event.type === 'legEnded' && event.by === 'remote'
          ? { hangUp: true as const }
          : undefined;
    if (!does) return [];
    const ms = simulatedMs(log, leg, last, one.at);
    last = one.at;
    return [...(ms > 0 ? [{ wait: ms / 1000 }] : []), does];
  });
  return steps.length > 0 ? { steps } : {};
}

function alike(one: Party, other: Party): boolean {
  const near = Math.abs((one.after ?? 0) - (other.after ?? 0)) <= ALIKE_S;
  return near && JSON.stringify({ ...one, after: 0 }) === JSON.stringify({ ...other, after: 0 });
}
