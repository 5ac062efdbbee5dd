/**
 * The target of all requests: answers at once, or after a given time, and remembers when each request came.
 * @module
 */
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FlowEnd, Job } from './engine.js';

/** When what happened to one call, by `performance.now()`. */
export interface Moments {
  /** Each request to the look-up. */
  lookups: { came: number; answered: number }[];
  /** Each flow end. */
  flowEnds: (FlowEnd & { came: number })[];
}

/** What the look-up answers with. */
export interface Answer {
  /** Milliseconds until it is sent, default 0. */
  afterMs?: number;
  /** Bytes that it is filled up to, default none. */
  bytes?: number;
}

/** Ports at which it answers. */
const ORIGINS = 5;

/** HTTP servers on the loopback. */
export class BenchTarget {
  answer: Answer = {};
  readFlowEnd: (body: unknown) => FlowEnd = (body) => body as FlowEnd;
  readonly #calls = new Map<string, Moments>();
  readonly #waiting = new Map<string, () => void>();
  readonly #servers = Array.from({ length: ORIGINS }, () =>
    createServer((request, response) => void this.#handle(request, response)),
  );

  static async start(): Promise<BenchTarget> {
    const target = new BenchTarget();
    for (const server of target.#servers) {
      server.keepAliveTimeout = 60_000;
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return target;
  }

  /** Where engines find it. */
  get job(): Job {
    const [first] = this.jobs;
    if (!first) throw new Error('The target has no origin.');
    return first;
  }

  /** The same at each of its origins: a worker has 128 connections to one. */
  get jobs(): Job[] {
    return this.#servers.map((server) => {
      const { port } = server.address() as AddressInfo;
      return { lookupUrl: `http://127.0.0.1:${port}/lookup`, flowEndUrl: `http://127.0.0.1:${port}/flow-end` };
    });
  }

  /** What happened to a call so far. */
  of(call: string): Moments {
    const moments = this.#calls.get(call) ?? { lookups: [], flowEnds: [] };
    this.#calls.set(call, moments);
    return moments;
  }

  /** Resolves when the first flow end of a call is there; asked before it came. */
  ended(call: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(call, resolve));
  }

  /** Forgets all calls. */
  forget(): void {
    this.#calls.clear();
    this.#waiting.clear();
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#servers.map((server) => {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        return closed;
      }),
    );
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
    const came = performance.now();
    const body: unknown = JSON.parse(text);
    if (request.url === '/flow-end') this.#end(this.readFlowEnd(body), came, response);
    else this.#lookUp((body as { call: string }).call, came, response);
  }

  #lookUp(call: string, came: number, response: ServerResponse): void {
    const { afterMs = 0, bytes = 0 } = this.answer;
    const visit = { came, answered: Infinity };
    this.of(call).lookups.push(visit);
    const send = () => {
      visit.answered = performance.now();
      const filler = 'x'.repeat(Math.max(0, bytes - 50));
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ status: 'sent', filler }));
    };
    if (afterMs > 0) setTimeout(send, afterMs);
    else send();
  }

  #end(flowEnd: FlowEnd, came: number, response: ServerResponse): void {
    response.setHeader('content-type', 'application/json').end('{}');
    this.of(flowEnd.call).flowEnds.push({ ...flowEnd, came });
    this.#waiting.get(flowEnd.call)?.();
    this.#waiting.delete(flowEnd.call);
  }
}
