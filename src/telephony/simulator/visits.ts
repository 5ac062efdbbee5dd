/**
 * Which widgets the call has entered, as far as the caller's script needs to know. Contract D6.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds for an answer; then the script continues with what it knows. */
const ANSWER_MS = 1000;

/** The list of entered widgets, and how far the script has come in it. */
export class Visits {
  #known: string[] = [];
  #position = 0;

  constructor(private readonly entered: () => Promise<string[]>) {}

  /** Asks the call; false when it could not answer, which leaves everything as it was. */
  async refresh(): Promise<boolean> {
    const answered = new AbortController();
    const asked = this.entered().then((list) => {
      // Answers may overtake each other.
      if (list.length >= this.#known.length) this.#known = list;
      return true;
    });
    const late = pause(ANSWER_MS, false, { signal: answered.signal });
    try {
      return await Promise.race([asked, late]);
    } catch {
      return false;
    } finally {
      answered.abort();
      // Whichever lost the race may still fail.
      void Promise.allSettled([asked, late]);
    }
  }

  /** A command has come on behalf of `widget`: the call is in it, even if it cannot be asked. */
  async arrived(widget: string): Promise<void> {
    const answered = await this.refresh();
    // A late command may belong to an earlier visit.
    const known = answered ? this.#known.includes(widget) : this.#known.at(-1) === widget;
    if (!known) this.#known = [...this.#known, widget];
  }

  /** Widgets whose commands come in a sequence: the call will name them, at the same places, when that is over. Contract B7. */
  add(widgets: readonly string[]): void {
    this.#known = [...this.#known, ...widgets];
  }

  /** A step has ended: what was entered before does not count for later ones. */
  mark(): void {
    this.#position = this.#known.length;
  }

  /** Whether `widget` has been entered since the last step; that visit is then used up, and all before it. */
  take(widget: string): boolean {
    const index = this.#known.indexOf(widget, this.#position);
    if (index < 0) return false;
    this.#position = index + 1;
    return true;
  }
}
