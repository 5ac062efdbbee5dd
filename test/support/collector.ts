/**
 * A collector of traces, as OpenTelemetry's OTLP over HTTP with JSON wants it.
 * @module
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it came. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** 3: client. */
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code: number };
  attributes: Record<string, string | number>;
  service: string;
}

/** A collector that takes what is sent to it. */
export class Collector {
  readonly spans: ReceivedSpan[] = [];
  /** All bodies as they came. */
  text = '';

  private constructor(
    readonly url: string,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(): Promise<Collector> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.url === '/v1/traces') collector.#take(Buffer.concat(chunks).toString());
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const stop = () => new Promise<void>((ended) => (server.close(() => ended()), server.closeAllConnections()));
    const collector = new Collector(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop);
    return collector;
  }

  #take(text: string): void {
    this.text += text;
    for (const { resource, scopeSpans } of JSON.parse(text).resourceSpans) {
      const service = valuesOf(resource.attributes)['service.name'];
      for (const span of scopeSpans.flatMap((one: { spans: object[] }) => one.spans))
        this.spans.push({ ...span, attributes: valuesOf(span.attributes), service });
    }
  }
}

function valuesOf(attributes: { key: string; value: { stringValue?: string; intValue?: number } }[]) {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]));
}
