/**
 * What the caller did, as the steps of a caller file. Contract D6.
 * Keys that a widget gathered are pressed when that widget listens; everything else is done so long after its widget began.
 * @module
 */
import type * as z from 'zod';
import type { PathEntry } from '../engine/call-report.js';
import type { caller } from '../flow/documents/caller.js';
import { type Logged, type LoggedCommand, listens } from './party-log.js';
import { simulatedMs, undisturbedMs } from './spoken-time.js';

/** A step as a caller file has it. */
export type Step = NonNullable<z.input<typeof caller>['steps']>[number];

/** Milliseconds after which a command that was not cut is surely over. */
const SURELY_MS = 50;
/** A spoken word of the simulated caller, in milliseconds. */
const WORD_MS = 300;

/** The steps of the party on a leg. */
export function callerSteps(log: readonly Logged[], path: readonly Pick<PathEntry, 'widget'>[], leg: string): Step[] {
  return new CallerSteps(log, path, leg).write();
}

class CallerSteps {
  readonly #steps: Step[] = [];
  /** Index into the path of the last widget that the script knows of. */
  #marked = -1;
  /** When the last step was taken. */
  #lastAt: number;
  /** Milliseconds for which the command of the last step still listens. */
  #tail = 0;
  /** Commands that listened in vain since the last step. */
  #skipped: LoggedCommand[] = [];
  /** Whether digits come as events, and not only in results. */
  readonly #byEvents: boolean;

  constructor(
    private readonly log: readonly Logged[],
    private readonly path: readonly Pick<PathEntry, 'widget'>[],
    private readonly leg: string,
  ) {
    this.#byEvents = log.some((one) => one.kind === 'event' && one.event.type === 'digits' && one.event.leg === leg);
    const [first] = log;
    this.#lastAt = first === undefined ? 0 : first.kind === 'event' ? first.at : first.start;
  }

  write(): Step[] {
    const pressed = new Map<LoggedCommand, string>();
    for (const one of this.log) {
      if (one.kind === 'event' && one.event.leg === this.leg) {
        const { event, during } = one;
        if (event.type === 'digits' && during) {
          if (pressed.has(during)) this.#append(event.digits);
          else this.#gathered(during, event.digits, one.at);
          pressed.set(during, event.digits);
        } else if (event.type === 'digits') this.#free({ press: event.digits, now: true }, one.at);
        else if (event.type === 'legEnded' && event.by === 'remote') this.#leaves(during, one.at);
      } else if (one.kind === 'command' && one.command.leg === this.leg && listens(one.command) && !pressed.has(one)) {
        if (!this.#listenedTo(one)) this.#skipped.push(one);
      }
    }
    return this.#steps;
  }

  /** The digits that only the result of a command has; false when nothing was gathered, or events have them. */
  #listenedTo(logged: LoggedCommand): boolean {
    const { command, result } = logged;
    if (result?.result !== 'done') return false;
    const at = logged.end ?? logged.start;
    if (command.type === 'record') {
      if (result.ended === 'noInput') return false;
      this.#speaks(logged, at - logged.start - (result.ended === 'silence' ? command.silenceSeconds * 1000 : 0));
      return true;
    }
    if (command.type !== 'collect' || this.#byEvents || !result.digits) return false;
    const complete = result.ended !== 'timeout' && result.digits.length < command.max;
    this.#gathered(logged, `${result.digits}${complete ? command.terminator : ''}`, at);
    return true;
  }

  /** Keys for a widget that gathers them. */
  #gathered(logged: LoggedCommand, keys: string, at: number): void {
    this.#skipped = this.#skipped.filter((one) => one !== logged);
    this.#approach(logged);
    this.#steps.push({ press: keys });
    const { command, result } = logged;
    const timedOut = result?.result === 'done' && result.ended === 'timeout' && command.type === 'collect';
    this.#done(logged.place, at, timedOut ? command.interDigitTimeout * 1000 + SURELY_MS : 0);
  }

  /** Further keys of the same command. */
  #append(keys: string): void {
    const last = this.#steps.at(-1);
    if (last && 'press' in last) last.press += keys;
  }

  /** The party speaks while it is recorded. What it said is in no history. */
  #speaks(logged: LoggedCommand, ms: number): void {
    this.#approach(logged);
    this.#steps.push({ say: Array.from({ length: Math.max(1, Math.round(ms / WORD_MS)) }, () => 'word').join(' ') });
    this.#done(logged.place, logged.start, (logged.end ?? logged.start) - logged.start + SURELY_MS);
  }

  /** Waits until the command listens and no one before it does. */
  #approach({ place }: LoggedCommand): void {
    if (this.#skipped.length === 0 && this.#tail === 0) return;
    const entered = this.#until(place);
    const before = this.#skipped.filter((one) => one.place === place);
    const skipped = before.reduce((sum, one) => sum + (undisturbedMs(one) ?? 0), 0);
    const ms = skipped + (entered ? 0 : this.#tail);
    if (ms > 0) this.#wait(ms + SURELY_MS);
  }

  #leaves(during: LoggedCommand | undefined, at: number): void {
    // Who left while being recorded had spoken when there is a recording.
    const { command } = during ?? {};
    const kept = (one: Logged) =>
      command?.type === 'record' &&
      one.kind === 'event' &&
      one.event.type === 'recordingReady' &&
      one.event.name === command.name;
    if (during && this.log.some(kept)) this.#speaks(during, at - during.start);
    this.#free({ hangUp: true }, at);
  }

  /** A step that waits for no widget to listen: so long after its widget began, or after the last step. */
  #free(step: Step, at: number): void {
    const noticed = this.log.findLast((one) => one.kind !== 'event' && one.start <= at && isOf(one, this.leg));
    const place = noticed && noticed.kind !== 'event' ? noticed.place : -1;
    const entered = place > this.#marked && this.#until(place);
    const from = entered ? this.#startOf(place) : this.#lastAt;
    this.#wait(simulatedMs(this.log, this.leg, from, at));
    this.#steps.push(step);
    this.#done(place, at, 0);
  }

  /** Waits until the call has entered a widget of the path; false when it had before the last step. */
  #until(place: number): boolean {
    const widget = this.path[place]?.widget;
    if (widget === undefined || place <= this.#marked) return false;
    const entries = this.path.slice(this.#marked + 1, place + 1).filter((entry) => entry.widget === widget);
    this.#steps.push(...entries.map(() => ({ until: { widget } })));
    this.#marked = place;
    return true;
  }

  #startOf(place: number): number {
    const first = this.log.find((one) => one.kind !== 'event' && one.place === place);
    return first && first.kind !== 'event' ? first.start : this.#lastAt;
  }

  #wait(ms: number): void {
    if (ms > 0) this.#steps.push({ wait: Math.round(ms) / 1000 });
  }

  #done(place: number, at: number, tail: number): void {
    this.#marked = Math.max(this.#marked, place);
    this.#lastAt = at;
    this.#tail = tail;
    this.#skipped = [];
  }
}

/** Whether the party of a leg could notice it. */
function isOf(one: Exclude<Logged, { kind: 'event' }>, leg: string): boolean {
  return one.kind === 'request' || one.command.leg === leg || one.command.type === 'dial';
}
