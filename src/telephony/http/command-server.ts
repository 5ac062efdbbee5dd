/**
 * Takes the commands of the engine over HTTP, for a bridge. Contract B3, B4, B6. It needs no Temporal.
 * @module
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BridgeCommand, BridgeErrorType, CommandResult } from '../commands.js';
import type { Signature } from './signature.js';

/** Milliseconds after which a command that still runs is answered by `running`. */
const ANSWER_WITHIN_MS = 8000;
/** Bytes of a command that are read at most. */
const MAX_BYTES = 1024 * 1024;

/** What came of a command: a result, or a typed error. */
export type CommandAnswer = CommandResult | { error: { type: BridgeErrorType; message: string } };

/** How to take commands. */
export interface CommandServerOptions {
  /** Carries a command out; `eventsUrl` is where its call's events go. A rejection is no answer that counts. */
  carryOut: (command: BridgeCommand, eventsUrl: string | undefined) => Promise<CommandAnswer>;
  /** Commands must be signed with its secret; null: nothing is signed. */
  signature: Signature | null;
  /** Whether the bridge can still carry commands out: without that, none is answered by `running`. Default: always. */
  alive?: () => boolean;
  /** Milliseconds within which each POST is answered, default 8 s. */
  answerWithinMs?: number;
  /** Port, default any that is free. */
  port?: number;
  /** Address to listen on, default 127.0.0.1. */
  host?: string;
}

/** A server that takes commands. */
export interface CommandServer {
  /** Where it takes them. */
  url: string;
  /** Stops at once. */
  close(): Promise<void>;
}

/** Starts the server. */
export async function serveCommands(options: CommandServerOptions): Promise<CommandServer> {
  const { port = 0, host = '127.0.0.1' } = options;
  const server = createServer((request, response) => {
    answer(request, options).then(
      ([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      // No answer that counts, as of a bridge that is broken.
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}/`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Status and body of the answer to one POST. */
async function answer(request: IncomingMessage, options: CommandServerOptions): Promise<[number, object]> {
  const { carryOut, signature, alive = () => true, answerWithinMs = ANSWER_WITHIN_MS } = options;
  const body = await read(request);
  const fault = signature?.fault(request.headers, body) ?? null;
  if (fault !== null) return [401, { message: fault }];
  const eventsUrl = request.headers['hookline-events-url'];
  const command = JSON.parse(body) as BridgeCommand;
  const running = new AbortController();
  try {
    const url = typeof eventsUrl === 'string' ? eventsUrl : undefined;
    const what = await Promise.race([carryOut(command, url), later(answerWithinMs, running.signal)]);
    if (what === null) return alive() ? [200, { result: 'running' }] : [503, { message: 'The bridge is away.' }];
    return 'error' in what ? [422, what] : [200, what];
  } finally {
    running.abort();
  }
}

function later(ms: number, signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ms);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new RangeError('The command is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
