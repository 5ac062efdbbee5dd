/**
 * The side of our API that a bridge under test sees: it takes events of the kit's calls, and notes them. Contract B2, B6.
 * @module
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Signature } from '../http/signature.js';
import type { Exchange } from './exchange.js';

/** Bytes of a message at most, as of our API. */
const MAX_BYTES = 1024 * 1024;
/** Where the events of a call are sent, and where it is asked for. */
const ROUTE = /^\/bridge\/calls\/([^/?]+)(\/events)?$/;

/** How to take events. */
export interface EventsServerOptions {
  /** What events must be signed with; null: nothing is signed. */
  signature: Signature | null;
  /** Its address as the bridge reaches it, `http://host:port`; null: on this machine, any port that is free. */
  address: URL | null;
}

/** A server that takes events. */
export interface EventsServer {
  /** Notes the events of a call from now on; gives the URL for them. */
  follow(workflowId: string, log: Exchange): string;
  /** No event of the call is awaited any longer: late ones are taken, and answered so. */
  forget(workflowId: string): void;
  close(): Promise<void>;
}

/** Starts it; rejects when its port is taken. */
export async function startEventsServer({ signature, address }: EventsServerOptions): Promise<EventsServer> {
  const calls = new Map<string, Exchange | null>();
  const server = createServer((request, response) => {
    answer(request, calls, signature).then(
      ([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      () => response.destroy(),
    );
  });
  const host = address?.hostname.replace(/^\[|\]$/g, '') ?? '127.0.0.1';
  const port = address === null ? 0 : Number(address.port || 80);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const base = address?.origin ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    follow(workflowId, log) {
      calls.set(workflowId, log);
      return `${base}/bridge/calls/${encodeURIComponent(workflowId)}/events`;
    },
    forget: (workflowId) => void calls.set(workflowId, null),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Status and body of the answer to one request. */
async function answer(
  request: IncomingMessage,
  calls: ReadonlyMap<string, Exchange | null>,
  signature: Signature | null,
): Promise<[status: number, body: object]> {
  const body = await read(request);
  const at = Date.now();
  if (body === null) return [413, { code: 'NOT_ACCEPTED' }];
  const fault = signature?.fault(request.headers, body) ?? null;
  if (fault !== null) return [401, { code: 'SIGNATURE_INVALID', detail: fault }];
  const [, id, events] = ROUTE.exec(request.url ?? '') ?? [];
  if (id === undefined || request.method !== (events ? 'POST' : 'GET')) return [404, { code: 'ROUTE_UNKNOWN' }];
  const call = decoded(id);
  const log = calls.get(call);
  if (log === undefined) return [404, { code: 'CALL_UNKNOWN' }];
  const known = { call, state: log === null ? 'ended' : 'running' };
  if (!events) return [200, { ...known, path: [] }];
  const message = parsed(body);
  if (message === undefined) return [422, { code: 'INVALID_EVENT', detail: 'The body is no JSON.' }];
  // What is wrong with an event, the rules say: each is noted as it came.
  for (const event of Array.isArray(message) ? (message as unknown[]) : [message]) log?.event(event, at);
  return [202, known];
}

async function read(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BYTES) chunks.push(chunk);
  }
  return size > MAX_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
