/**
 * The target of all webhooks and flow ends. It remembers every request.
 * @module
 */
import { once } from 'node:events';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from './random.js';

/** A request as the target got it. */
export interface TargetRequest {
  /** What it is for, told by its path or body and not by its id: `3/lookup/1`, a visit of a widget, or `3/flow-end`. */
  visit: string;
  /** Its `Idempotency-Key`, or the `webhook-id` of a flow end. */
  id: string;
  /** Method and body: what a repeat must not change. */
  content: string;
  /** Whether it was answered by 2xx. */
  accepted: boolean;
}

/** A target that counts. */
export interface CountingTarget {
  port: number;
  requests: TargetRequest[];
  /** Calls whose flow end was accepted, by their number. */
  flowEnds: Set<number>;
  close(): void;
}

/** Milliseconds for which a deaf target refuses a flow end: a call's last attempt is 16 s after its first, then its child goes on. */
const DEAF_MS = 20_000;

/**
 * Starts the target. Most answers are fast; a third is slow enough for the hold tune.
 * @param deaf whether the flow end of a call is refused for so long that its abandoned child must deliver it (E5)
 */
export async function startTarget(random: Random, deaf: (call: number) => boolean): Promise<CountingTarget> {
  const requests: TargetRequest[] = [];
  const flowEnds = new Set<number>();
  const refusedUntil = new Map<number, number>();
  const server = createServer((request, response) => {
    void (async () => {
      const body = await textOf(request);
      const { headers, method, url = '' } = request;
      const content = `${method} ${body}`;
      if (url !== '/flow-end') {
        const visit = url.replace('/calls/', '');
        requests.push({ visit, id: String(headers['idempotency-key']), content, accepted: true });
        await pause(random(0, 3) < 2 ? random(20, 250) : random(400, 2000));
        return response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      }
      const call = callOf(body);
      const visit = `${call}/flow-end`;
      if (deaf(call) && !refusedUntil.has(call)) refusedUntil.set(call, Date.now() + DEAF_MS);
      const accepted = Date.now() >= (refusedUntil.get(call) ?? 0);
      requests.push({ visit, id: String(headers['webhook-id']), content, accepted });
      if (accepted) flowEnds.add(call);
      response.writeHead(accepted ? 200 : 503).end();
      // A connection that is cut sends nothing whole, and gets no answer.
    })().catch(() => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, requests, flowEnds, close };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** The number of the call that a flow end is of. */
function callOf(flowEnd: string): number {
  const { keys } = JSON.parse(flowEnd) as { keys: { name: string; value: string }[] };
  return Number(keys.find(({ name }) => name === '$flow.key.n')?.value);
}
