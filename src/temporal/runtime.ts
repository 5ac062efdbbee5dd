/**
 * The SDK's runtime, once for a process.
 * @module
 */
import {
  DefaultLogger,
  type Logger,
  Runtime,
  type TelemetryOptions,
  makeTelemetryFilterString,
} from '@temporalio/worker';
import { METRICS, type MetricFacts } from '../observability/metric-catalogue.js';
import type { Log } from '../observability/log.js';
import { logLine, sdkLogger } from './sdk-log.js';

/**
 * Lets only errors of the SDK through, as text on stderr, for a command. Call it before anything else of the SDK.
 * @param metricsAddress as that of {@link loggingRuntime}
 */
export function quietRuntime(metricsAddress?: string): void {
  const logger = new DefaultLogger('ERROR', (entry) => void process.stderr.write(`${logLine(entry)}\n`));
  install(logger, 'ERROR', telemetryAt(metricsAddress));
}

/**
 * Makes the log of a process that of the SDK, too. Call it before anything else of the SDK.
 * @param metricsAddress `host:port` at which Prometheus reads the metrics of this process; default: no metrics.
 */
export function loggingRuntime(log: Log, metricsAddress?: string): void {
  install(sdkLogger(log), 'WARN', telemetryAt(metricsAddress));
}

function telemetryAt(metricsAddress: string | undefined): TelemetryOptions {
  return metricsAddress ? { metrics: { prometheus: prometheus(metricsAddress) } } : {};
}

/** Neither logs the messages of failures (C6). */
function install(logger: Logger, core: 'WARN' | 'ERROR', telemetry: TelemetryOptions = {}): void {
  Runtime.install({
    logger,
    telemetryOptions: {
      ...telemetry,
      logging: { forward: {}, filter: makeTelemetryFilterString({ core, other: core }) },
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
