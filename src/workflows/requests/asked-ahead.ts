/**
 * Answers that `awaitAnswer` widgets may collect: those of requests that nobody waited for, or whose wait was left. Contract H9, V6.
 * @module
 */
import { condition } from '@temporalio/workflow';
import type { Flow } from '../../flow/documents/flow.js';
import { MAX_TOTAL_BYTES } from '../../flow/values/variables.js';
import { type Answered, failedOutcome } from './outcome.js';

/** What of a request is needed to read its answer later. */
export interface Asked {
  /** For the timeline. */
  what: string;
  /** Whether the report keeps what is written. Contract R9. */
  persist: boolean;
  /** The rows by which the answer is written. Contract V7. */
  rows: readonly { saveIn: string; sensitive: boolean }[];
}

/** An answer that waits to be collected, as a call takes it into its next run. */
export type CarriedAnswer = Asked & { widget: string; outcome: Answered };

/** One request, under way or answered. */
export interface Collectable extends Asked {
  outcome: Answered | null;
  /** Closes its socket. */
  cancel: () => void;
}

/** The requests of a call whose answers may be collected, each the latest of its widget. */
export class AskedAhead {
  readonly #byWidget = new Map<string, Collectable>();
  readonly #collected: ReadonlySet<string>;

  constructor(
    { widgets, subflows = [] }: Pick<Flow, 'widgets'> & Partial<Pick<Flow, 'subflows'>>,
    carried: readonly CarriedAnswer[] = [],
  ) {
    const all = [widgets, ...subflows.map((one) => one.widgets)].flatMap((one) => Object.values(one));
    this.#collected = new Set(all.flatMap((widget) => (widget.type === 'awaitAnswer' ? [widget.of] : [])));
    for (const { widget, ...one } of carried) this.#byWidget.set(widget, { ...one, cancel: () => undefined });
  }

  /** For the next run of the call: what is answered, and nothing is under way then. */
  carried(): CarriedAnswer[] {
    return [...this.#byWidget].flatMap(([widget, { what, persist, rows, outcome }]) =>
      outcome ? [{ widget, what, persist, rows, outcome }] : [],
    );
  }

  /** Whether a widget of the flow collects its answer. @param widget its key in the call's path */
  isCollected(widget: string): boolean {
    return this.#collected.has(widget.slice(widget.lastIndexOf('/') + 1));
  }

  /**
   * Keeps the answer of a request until it is collected, where a widget of the flow collects it.
   * @param widget its key in the call's path
   */
  keep(widget: string, asked: Asked, request: Promise<Answered>, cancel: () => void): void {
    if (!this.isCollected(widget)) return;
    const { what, persist, rows } = asked;
    const one: Collectable = { what, persist, rows, outcome: null, cancel };
    this.#byWidget.set(widget, one);
    void request
      .catch((error: unknown) => failedOutcome('CONNECTION_FAILURE', `The request did not end: ${String(error)}`))
      .then((outcome) => (one.outcome = this.#withinLimit(outcome)));
  }

  /** The request of a widget whose answer has not been collected. */
  of(widget: string): Collectable | undefined {
    return this.#byWidget.get(widget);
  }

  /** Its answer, which nobody can collect again; TIMEOUT when it is not there within so many seconds, and then it can be. */
  async collect(widget: string, asked: Collectable, seconds: number): Promise<Answered> {
    const there = () => asked.outcome !== null;
    if (!there()) await condition(there, seconds * 1000, { summary: `${widget}: its answer` });
    if (!asked.outcome) return failedOutcome('TIMEOUT', `No full answer was there within ${seconds} seconds.`, seconds);
    this.drop(widget, asked);
    return asked.outcome;
  }

  /** Nobody can collect its answer any more. */
  drop(widget: string, asked: Collectable): void {
    if (this.#byWidget.get(widget) === asked) this.#byWidget.delete(widget);
  }

  /** Answers that wait to be collected hold no more than variables may; one beyond that is lost. Contract V6. */
  #withinLimit(outcome: Answered): Answered {
    const waiting = [...this.#byWidget.values()].reduce((sum, one) => sum + sizeOf(one.outcome), 0);
    if (waiting + sizeOf(outcome) <= MAX_TOTAL_BYTES) return outcome;
    const detail = 'Answers that wait to be collected hold more than 1 MiB.';
    const lost: Answered = { ...outcome, line: 'failure', reason: 'VARIABLE_LIMIT', detail, rows: [] };
    delete lost.raw;
    return lost;
  }
}

/** The bytes of all values of an answer. */
function sizeOf(outcome: Answered | null): number {
  if (!outcome) return 0;
  const texts = [outcome.raw ?? '', ...outcome.rows.map(([, value]) => value ?? '')];
  return texts.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);
}
