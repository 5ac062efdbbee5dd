/**
 * The other side's script, step by step. Contract D6.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { CallerStep } from '../../flow/documents/caller.js';
import type { SimClock } from './sim-clock.js';
import type { Leg } from './leg.js';
import type { Visits } from './visits.js';

/** How often the call is asked for widgets that give no command, in milliseconds of real time. */
const POLL_MS = 50;

/** Plays one party's steps on its leg; when they end the party stays on the line. */
export class Script {
  #untils: number;
  #wake = (): void => undefined;

  constructor(
    private readonly steps: readonly CallerStep[],
    private readonly leg: Leg,
    private readonly clock: SimClock,
    private readonly visits: Visits,
  ) {
    this.#untils = steps.filter((step) => 'until' in step && 'widget' in step.until).length;
  }

  /** Whether a step that is still to come, or pending, asks which widgets were entered. */
  get looksAtVisits(): boolean {
    return this.#untils > 0;
  }

  /** Runs the steps. A step that waits for the leg or the clock stays pending for ever when the leg goes. */
  async run(): Promise<void> {
    for (const step of this.steps) {
      if (this.leg.gone) return;
      await this.#take(step);
    }
  }

  /** A command has arrived and begun: a pending `until` may hold now. */
  arrived(): void {
    this.#wake();
  }

  async #take(step: CallerStep): Promise<void> {
    if ('until' in step) return 'widget' in step.until ? this.#until(step.until.widget) : this.leg.joined();
    if ('hangUp' in step) return this.leg.hangUp();
    if ('wait' in step) await this.clock.sleep(step.wait * 1000);
    else if (!step.now) await this.leg.listening();
    await this.#markVisits();
    if ('wait' in step || this.leg.gone) return;
    // After the mark: what the call enters because of the step counts for the next `until`.
    if ('press' in step) await this.leg.press(step.press);
    else this.leg.say(step.say);
  }

  /** What the call has entered so far does not count for later steps. While a media command runs it cannot have moved. */
  async #markVisits(): Promise<void> {
    if (!this.looksAtVisits) return;
    if (!this.leg.busy) await this.clock.hold(this.visits.refresh());
    this.visits.mark();
  }

  async #until(widget: string): Promise<void> {
    while (!this.visits.take(widget)) {
      if (this.leg.gone) return;
      await this.#somethingNew();
    }
    this.#untils--;
  }

  /** Resolves when a command has arrived, or the call has been asked. */
  async #somethingNew(): Promise<void> {
    const stop = new AbortController();
    const arrival = new Promise<void>((resolve) => (this.#wake = resolve));
    const poll = pause(POLL_MS, undefined, { signal: stop.signal })
      .then(() => (this.leg.busy ? undefined : this.visits.refresh()))
      .catch(() => undefined);
    await Promise.race([arrival, poll]);
    stop.abort();
  }
}
