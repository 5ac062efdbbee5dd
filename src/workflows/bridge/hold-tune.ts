/**
 * Whether the hold tune plays, and for how long it did. Contract H2.
 * @module
 */
import { metricMeter } from '@temporalio/workflow';
import { observe } from '../../observability/record-metric.js';
import type { CommandType } from '../../telephony/commands.js';
import type { Leg } from './legs.js';

/** Commands that replace the hold tune on their leg. Contract H2, B3. */
const ENDS_HOLD = new Set<CommandType>(['play', 'collect', 'record', 'join', 'transfer']);

/** The hold tune of a call's first leg. */
export class HoldTune {
  #since: number | null;

  /** @param since when it began, in milliseconds, where an earlier run of the call has begun it. */
  constructor(since: number | null = null) {
    this.#since = since;
  }

  /** When it began, in milliseconds; null when it does not play. */
  get since(): number | null {
    return this.#since;
  }

  /** Whether it plays. */
  get plays(): boolean {
    return this.#since !== null;
  }

  /** It begins; one that plays continues. */
  begins(): void {
    this.#since ??= Date.now();
  }

  /** It ends when this command of its leg replaces it. */
  endsBy(type: CommandType, leg: Leg): void {
    if (ENDS_HOLD.has(type)) this.ends(leg);
  }

  /** It ends now, or ended with its leg. */
  ends({ end }: Leg): void {
    if (this.#since === null) return;
    const gone = end === null ? Infinity : Date.parse(end.at) || Infinity;
    const seconds = (Math.min(Date.now(), gone) - this.#since) / 1000;
    this.#since = null;
    observe(metricMeter, 'hookline_hold_seconds', seconds, {});
  }
}
