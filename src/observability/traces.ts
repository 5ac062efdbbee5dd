/**
 * Traces on their way to a collector, by OTLP over HTTP. The standard variables of OpenTelemetry say where it is, and what it
 * wants to see of us.
 * @module
 */
import { SpanKind, SpanStatusCode, TraceFlags, type HrTime } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Log } from './log.js';
import type { RecordSpan, Span } from './span.js';

/** Spans of a process. */
export interface Traces {
  record: RecordSpan;
  /** Sends what is left. */
  close(): Promise<void>;
}

/** Milliseconds between two lines that say that spans cannot be sent. */
const QUIET_MS = 60_000;

/**
 * Opens the way to the collector at `OTEL_EXPORTER_OTLP_ENDPOINT`; null when no collector is set. Spans that it does not take
 * are lost, and hold nothing up.
 */
export async function openTraces(env: NodeJS.ProcessEnv, log: Log): Promise<Traces | null> {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint || env.OTEL_SDK_DISABLED === 'true') return null;
  // Loaded only here: a worker without traces starts sooner.
  const [{ OTLPTraceExporter }, { BatchSpanProcessor }, resources] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/resources'),
  ]);
  const { detectResources, envDetector, resourceFromAttributes } = resources;
  const named = resourceFromAttributes({ 'service.name': 'hookline' });
  const common = {
    resource: named.merge(detectResources({ detectors: [envDetector] })),
    instrumentationScope: { name: 'hookline' },
    ...{ links: [], events: [], ended: true },
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  };
  const processor = new BatchSpanProcessor(loud(new OTLPTraceExporter(), log));
  return {
    record: (span) => processor.onEnd({ ...common, ...readable(span) }),
    close: () => processor.shutdown(),
  };
}

type OfSpan = 'name' | 'kind' | 'spanContext' | 'parentSpanContext' | 'startTime' | 'endTime' | 'duration' | 'status';

function readable(span: Span): Pick<ReadableSpan, OfSpan | 'attributes'> {
  const { name, traceId, spanId, parentId, start, error, attributes } = span;
  const end = Math.max(start, span.end);
  const context = (id: string) => ({ traceId, spanId: id, traceFlags: TraceFlags.SAMPLED });
  return {
    ...{ name, kind: span.kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL },
    spanContext: () => context(spanId),
    ...(parentId !== null && { parentSpanContext: context(parentId) }),
    ...{ startTime: hrTime(start), endTime: hrTime(end), duration: hrTime(end - start) },
    status: { code: error === null ? SpanStatusCode.UNSET : SpanStatusCode.ERROR },
    attributes: { ...attributes, ...(error !== null && { 'error.type': error }) },
  };
}

function hrTime(ms: number): HrTime {
  return [Math.trunc(ms / 1000), Math.round((ms % 1000) * 1e6)];
}

/** Says it when spans cannot be sent, at most once a minute: the exporter alone would lose them without a word. */
function loud(exporter: SpanExporter, log: Log): SpanExporter {
  let logged = -Infinity;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error && performance.now() - logged > QUIET_MS) {
          logged = performance.now();
          const { name, code } = result.error as Error & { code?: string | number };
          log.warn({ fault: name, ...(code !== undefined && { code }) }, 'traces cannot be sent to the collector');
        }
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
