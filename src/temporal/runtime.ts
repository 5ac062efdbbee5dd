/**
 * The SDK's runtime, once for a process.
 * @module
 */
import { DefaultLogger, Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import { METRICS, type MetricFacts } from '../metrics/catalogue.js';
import { logLine } from './log.js';

/**
 * Lets only warnings of the SDK through, on stderr, without the messages of failures (C6). Call it before anything else of the SDK.
 * @param metricsAddress `host:port` at which Prometheus reads the metrics of this process; default: no metrics.
 */
export function quietRuntime(level: 'WARN' | 'ERROR' = 'WARN', metricsAddress?: string): void {
  const metrics = metricsAddress ? { metrics: { prometheus: prometheus(metricsAddress) } } : {};
  Runtime.install({
    logger: new DefaultLogger(level, (entry) => void process.stderr.write(`${logLine(entry)}\n`)),
    telemetryOptions: {
      ...metrics,
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: level, other: level }) },
    },
    // Signals are ours: each entry point says what they do.
    shutdownSignals: [],
  });
}

/** Durations are seconds, as Prometheus wants them, the SDK's too; histograms have the bounds of the catalogue. */
function prometheus(bindAddress: string) {
  const ours: [string, MetricFacts][] = Object.entries(METRICS);
  const bounds = ours
    .map(([name, { buckets = [] }]): [string, number[]] => [name, [...buckets]])
    .filter(([, one]) => one.length > 0);
  return { bindAddress, useSecondsForDurations: true, histogramBucketOverrides: Object.fromEntries(bounds) };
}
