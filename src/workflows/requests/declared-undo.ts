/**
 * What a call would take back: the undo requests that its webhooks declared. Contract H10.
 * @module
 */
import type { Outcome, ReportedUndo } from '../../engine/call-report.js';
import type { DeclaredUndo, UndoItem } from '../../engine/undo-task.js';
import { textsBelow, variablesIn } from '../../flow/values/reference.js';
import { writtenBySensitive } from '../../flow/values/sensitive.js';
import type { Answered } from './outcome.js';

/** The most that undo requests of a call hold with their values, in bytes of JSON: Temporal takes 2 MiB in one piece. */
const MAX_BYTES = 512 * 1024;

/** How a webhook whose undo is declared came out. */
export interface UndoWatch {
  answered(outcome: Answered): void;
  /** Nobody knows: the request was cut. */
  cut(): void;
}

/** The undo requests of one call, in the order of their webhooks. */
export class DeclaredUndos {
  readonly #all: DeclaredUndo[];
  /** Set once the call has ended, and what was due has been undone or is on its way. */
  over = false;

  constructor(carried: readonly DeclaredUndo[] = []) {
    this.#all = [...carried];
  }

  /** For the next run of the call. */
  carried(): DeclaredUndo[] {
    return this.#all;
  }

  /** Whether one more finds room. */
  hasRoomFor(one: object): boolean {
    const all = this.#all.filter(({ state }) => state === 'asked' || state === 'due');
    return new TextEncoder().encode(JSON.stringify([...all, one])).length <= MAX_BYTES;
  }

  /** A webhook is about to be sent. @param rows by which its answer is written */
  declare(declared: Omit<DeclaredUndo, 'state'>, rows: readonly { saveIn: string; sensitive: boolean }[]): UndoWatch {
    const one: DeclaredUndo = { ...declared, state: 'asked' };
    this.#all.push(one);
    const settle = (acted: boolean) => {
      if (acted && one.state === 'asked') one.state = 'due';
      else if (!acted) this.#all.splice(this.#all.indexOf(one), 1);
    };
    return {
      answered: (outcome) => {
        if (outcome.line === 'success') overlay(one, outcome.rows, writtenBySensitive(rows));
        settle(outcome.line === 'success' || (one.unknown && mayHaveActed(outcome)));
      },
      cut: () => settle(one.unknown),
    };
  }

  /** What those webhooks did stays; left out: what all of them did. */
  keep(widgets?: readonly string[]): void {
    for (const one of this.#all) {
      const meant = widgets === undefined || widgets.includes(one.widget);
      if (meant && (one.state === 'due' || one.state === 'asked')) one.state = 'kept';
    }
  }

  /** Whether a webhook is still under way whose doing would be taken back after this outcome. */
  waitsFor(outcome: Outcome): boolean {
    return this.#all.some(({ state, on }) => state === 'asked' && on.includes(outcome));
  }

  /** What is to be undone after an outcome, the last first. @param cut whether what is under way is counted as cut */
  due(outcome: Outcome, cut = false): DeclaredUndo[] {
    const isDue = ({ state, unknown }: DeclaredUndo) => state === 'due' || (cut && state === 'asked' && unknown);
    return this.over ? [] : this.#all.filter((one) => isDue(one) && one.on.includes(outcome)).reverse();
  }

  /** For the report: what was undone, is on its way, or stays. Undefined where nothing was declared. */
  reported(): ReportedUndo[] | undefined {
    const known = this.#all.flatMap(({ widget, visit, state }): ReportedUndo[] => {
      if (state === 'due' || state === 'asked') return this.over ? [{ widget, visit, state: 'kept' }] : [];
      return [{ widget, visit, state }];
    });
    return known.length > 0 ? known : undefined;
  }
}

/** What is sent of it. */
export function itemOf({ idempotencyKey, request, variables, sensitive, rules, widget }: DeclaredUndo): UndoItem {
  return { idempotencyKey, request, variables, ...(sensitive && { sensitive }), rules, widget };
}

/** Whether the target may have acted though nobody knows. */
function mayHaveActed({ reason, attempts }: Answered): boolean {
  return reason === 'TIMEOUT' || (reason === 'CONNECTION_FAILURE' && attempts > 0);
}

/** The values of the answer's rows over those of the request. Contract V7: with their marks. */
function overlay(one: DeclaredUndo, rows: Answered['rows'], isSensitive: (name: string) => boolean): void {
  const used = new Set([...textsBelow(one.request)].flatMap(variablesIn));
  const values = new Map(Object.entries(one.variables));
  const sensitive = new Set(one.sensitive);
  for (const [name, value] of rows) {
    if (!used.has(name)) continue;
    if (value === null) values.delete(name);
    else values.set(name, value);
    if (value !== null && isSensitive(name)) sensitive.add(name);
    else sensitive.delete(name);
  }
  one.variables = Object.fromEntries(values);
  if (sensitive.size > 0) one.sensitive = [...sensitive];
  else delete one.sensitive;
}
