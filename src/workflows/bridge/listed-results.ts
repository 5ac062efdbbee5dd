/**
 * What came of the commands of a list, until the widgets ask for it; and the time of the call meanwhile. Contract B7.
 * @module
 */
import type { CommandType, ListedResult } from '../../telephony/commands.js';

/** What came of a command: what the bridge said, or what cut its widget while the list was out. */
export type ListedOutcome = ListedResult | { cut: unknown };

/** The results of one list after the other, in order. */
export class ListedResults {
  #waiting: { type: CommandType; outcome: ListedOutcome; at: number }[] = [];
  /** The moment of the result that was taken last, while more of its list wait. */
  #moment: number | null = null;

  /** Whether results wait for their widgets. */
  get any(): boolean {
    return this.#waiting.length > 0;
  }

  /** The time of the call, in milliseconds: that of the results while they are handed out, else that of the server. */
  get now(): number {
    return this.#moment ?? Date.now();
  }

  /**
   * Takes the results of a list.
   * @param sentAt when the list was given. Times of the bridge count from its last one on, for its clock may be another.
   */
  fill(list: readonly { type: CommandType }[], outcomes: readonly ListedOutcome[], sentAt: number): void {
    const times = outcomes.map((outcome) => ('at' in outcome ? Date.parse(outcome.at ?? '') : NaN));
    const last = times.findLast((time) => !Number.isNaN(time)) ?? 0;
    const ahead = Date.now() - last;
    let at = sentAt;
    this.#waiting = list.slice(0, outcomes.length).flatMap(({ type }, index) => {
      const [outcome, time = NaN] = [outcomes[index], times[index]];
      if (!Number.isNaN(time)) at = Math.min(Math.max(at, time + ahead), Date.now());
      return outcome ? { type, outcome, at } : [];
    });
    this.#moment = this.any ? sentAt : null;
  }

  /** The next result, of the command that the widget gives. @throws Error when it was not that command which was listed */
  take(type: CommandType): ListedOutcome {
    const next = this.#waiting.shift();
    if (next?.type !== type) {
      this.#waiting = [];
      this.#moment = null;
      throw new Error(`The list has "${next?.type}" where the widget gives "${type}".`);
    }
    this.#moment = this.any ? next.at : null;
    return next.outcome;
  }
}
