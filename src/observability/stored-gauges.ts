/**
 * What stands as it is until somebody looks: gauges that are read anew every some seconds.
 * @module
 */
import type { MetricMeter } from '@temporalio/common';
import type { LabelsOf, MetricOf } from './metric-catalogue.js';
import { gauge } from './record-metric.js';

/** Milliseconds between two looks. */
const EVERY_MS = 10_000;

/** Looks at one thing and reports it. */
export type Look = (meter: MetricMeter) => Promise<void>;

/** A look whose numbers `read` gives, each with its labels. */
export function lookAt<N extends MetricOf<'gauge'>>(
  name: N,
  read: () => Promise<(readonly [labels: LabelsOf<N>, number: number])[]>,
): Look {
  return async (meter) => {
    for (const [labels, number] of await read()) gauge(meter, name, number, labels);
  };
}

/**
 * Looks at once and then every 10 s. What does not answer leaves its gauge as it was.
 * @returns ends it
 */
export function keepLooking(meter: MetricMeter, looks: readonly Look[]): () => void {
  let looking = false;
  const look = () => {
    // The look before may still wait for a database that is away.
    if (looking) return;
    looking = true;
    void Promise.allSettled(looks.map((one) => one(meter))).then(() => {
      looking = false;
    });
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
