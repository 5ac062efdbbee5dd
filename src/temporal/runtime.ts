/**
 * The SDK's runtime, once for a process.
 * @module
 */
import { DefaultLogger, Runtime, makeTelemetryFilterString } from '@temporalio/worker';

/** Lets only warnings of the SDK through, on stderr. Call it before anything else of the SDK. */
export function quietRuntime(level: 'WARN' | 'ERROR' = 'WARN'): void {
  Runtime.install({
    logger: new DefaultLogger(level),
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: level, other: level }) } },
    // Signals are ours: each entry point says what they do.
    shutdownSignals: [],
  });
}
