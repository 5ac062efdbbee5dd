/**
 * Room for events in one run of a call: a server takes so many signals in a run and no more, and the last ones are for
 * hang-ups. Contract B2.
 * @module
 */
import type { WorkflowHandle } from '@temporalio/client';

/** Signals of one run beyond which only `legEnded` is sent: our servers take 1,000 (`history.maximumSignalsPerExecution`). */
export const MAX_EVENTS = 900;
/** Runs whose count is known at once; the oldest are forgotten first. */
const MAX_RUNS = 10_000;

/** A run of a call, as the server describes it. */
export interface DescribedRun {
  runId: string;
  /** Events of its history: no run has more signals. */
  historyLength: number;
}

/** What this process knows of the signals of runs. */
export class EventRoom {
  /** At most so many signals are in the history of a run when it has so many events. */
  readonly #known = new Map<string, { signals: number; historyLength: number }>();

  /** Whether a run takes another event that is no `legEnded`. */
  async has(handle: Pick<WorkflowHandle, 'fetchHistory'>, run: DescribedRun): Promise<boolean> {
    const { runId, historyLength } = run;
    const known = this.#known.get(runId) ?? { signals: 0, historyLength: 0 };
    // The history is read only when it may hold too many: for most calls never.
    if (known.signals + historyLength - known.historyLength < MAX_EVENTS) return true;
    if (known.signals >= MAX_EVENTS) return false;
    const { events } = await handle.fetchHistory();
    const signals = (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
    this.#known.set(runId, { signals, historyLength: events?.length ?? 0 });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_RUNS && oldest !== undefined) this.#known.delete(oldest);
    return signals < MAX_EVENTS;
  }
}
