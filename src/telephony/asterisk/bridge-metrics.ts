/**
 * What a bridge node measures of itself. Contract C6: no number of a party, no id.
 * @module
 */
import type { MetricMeter } from '@temporalio/common';
import { type LabelsOf, METRICS } from '../../observability/metric-catalogue.js';
import { count } from '../../observability/record-metric.js';
import { keepLooking, lookAt } from '../../observability/stored-gauges.js';
import type { CommandType } from '../commands.js';
import type { Outcome } from './journal.js';

type CommandLabels = LabelsOf<'hookline_bridge_commands_total'>;
const TYPES = METRICS.hookline_bridge_commands_total.labels.type;
/** What became of a call that arrived. */
export type Arrived = LabelsOf<'hookline_bridge_arrivals_total'>['result'];

/** What a node has at this moment. */
export interface NodeNow {
  asteriskUp: boolean;
  calls: number;
  eventsWaiting: number;
}

/** The metrics of a node. */
export class BridgeMetrics {
  #stop: (() => void) | undefined;

  /** @param meter where they go; null: nowhere */
  constructor(private readonly meter: MetricMeter | null) {}

  /** Looks at the node at once, and then now and then. */
  watch(now: () => NodeNow): void {
    if (!this.meter) return;
    this.stop();
    const one = <T>(number: T) => Promise.resolve([[{}, number]] as [Record<never, string>, T][]);
    this.#stop = keepLooking(this.meter, [
      lookAt('hookline_bridge_asterisk_up', () => one(now().asteriskUp ? 1 : 0)),
      lookAt('hookline_bridge_calls', () => one(now().calls)),
      lookAt('hookline_bridge_events_waiting', () => one(now().eventsWaiting)),
    ]);
  }

  /** A command has its outcome. */
  command(type: CommandType, outcome: Outcome): void {
    if (!this.meter || type === 'watch') return;
    // A command may be of any type that a sender makes up.
    const known = (TYPES as readonly string[]).includes(type) ? (type as CommandLabels['type']) : 'other';
    const what = 'error' in outcome ? outcome.error.type : outcome.result;
    count(this.meter, 'hookline_bridge_commands_total', { type: known, outcome: what });
  }

  /** A call that arrived was started or refused. */
  arrived(result: Arrived): void {
    if (this.meter) count(this.meter, 'hookline_bridge_arrivals_total', { result });
  }

  /** Ends the looks. */
  stop(): void {
    this.#stop?.();
  }
}
