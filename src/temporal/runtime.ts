/**
 * The SDK's runtime, once for a process.
 * @module
 */
import { DefaultLogger, Runtime, makeTelemetryFilterString } from '@temporalio/worker';

/**
 * Lets only warnings of the SDK through, on stderr. Call it before anything else of the SDK.
 * @param metricsAddress `host:port` at which Prometheus reads the metrics of this process; default: no metrics.
 */
export function quietRuntime(level: 'WARN' | 'ERROR' = 'WARN', metricsAddress?: string): void {
  const metrics = metricsAddress ? { metrics: { prometheus: { bindAddress: metricsAddress } } } : {};
  Runtime.install({
    logger: new DefaultLogger(level),
    telemetryOptions: {
      ...metrics,
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: level, other: level }) },
    },
    // Signals are ours: each entry point says what they do.
    shutdownSignals: [],
  });
}
