/**
 * Recording metrics of the catalogue, in activities, in workflow code and beside both. The meter decides where they go.
 * @module
 */
import type { MetricMeter } from '@temporalio/common';
import { type LabelsOf, METRICS, type MetricOf } from './metric-catalogue.js';

/** Counts one of something. */
export function count<N extends MetricOf<'counter'>>(meter: MetricMeter, name: N, labels: LabelsOf<N>): void {
  const { unit, help } = METRICS[name];
  meter.createCounter(name, unit, help).add(1, labels);
}

/** Records how long something took. */
export function observe<N extends MetricOf<'histogram'>>(
  meter: MetricMeter,
  name: N,
  seconds: number,
  labels: LabelsOf<N>,
): void {
  const { unit, help } = METRICS[name];
  // A clock that was set back must not break what is measured.
  meter.createHistogram(name, 'float', unit, help).record(Math.max(0, seconds), labels);
}

/** Says how many there are now. */
export function gauge<N extends MetricOf<'gauge'>>(
  meter: MetricMeter,
  name: N,
  number: number,
  labels: LabelsOf<N>,
): void {
  const { unit, help } = METRICS[name];
  meter.createGauge(name, 'int', unit, help).set(number, labels);
}
