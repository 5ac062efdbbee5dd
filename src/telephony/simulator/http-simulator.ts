/**
 * Serves the simulated bridge over HTTP: commands come as POSTs, events go to our API. Contract B6. It needs no Temporal.
 * @module
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import type { Caller } from '../../flow/documents/caller.js';
import type { BridgeActivities, BridgeCommand, CommandResult } from '../commands.js';
import { Signature } from '../http/signature.js';
import { BridgeError, SimulatedBridge, type SimulatorHooks } from './simulated-bridge.js';
import { httpHooks } from './event-sender.js';

/** Milliseconds after which a command that still runs is answered by `running`. */
const ANSWER_WITHIN_MS = 8000;

/** How to run a simulator. */
export interface HttpSimulatorOptions extends Pick<SimulatorHooks, 'sleep' | 'onPartyEvent'> {
  /** Of the engine, `whsec_...` or read already: commands must be signed with it, events are. Default: nothing is signed. */
  secret?: string | Signature | undefined;
  /** Address of our API; default: that in the header of a call's commands. Events before the first command wait for it. */
  apiUrl?: string;
  /** Milliseconds within which each POST is answered, default 8 s. */
  answerWithinMs?: number;
  /** Port on 127.0.0.1, default any that is free. */
  port?: number;
  /** How numbers behave that a `dial` of leg `"1"` rings; default: they answer after a second. */
  outbound?: Pick<Caller, 'legs' | 'realTime'>;
}

/** A simulator that takes commands. */
export interface RunningHttpSimulator {
  bridge: SimulatedBridge;
  /** The URL to name in a call's start. Contract B1. */
  url: string;
  /** Forgets every call and stops. */
  shutdown(): Promise<void>;
}

/** Starts a simulator on this machine. */
export async function startHttpSimulator(options: HttpSimulatorOptions = {}): Promise<RunningHttpSimulator> {
  const { secret, apiUrl, answerWithinMs = ANSWER_WITHIN_MS, port = 0, sleep, onPartyEvent, outbound } = options;
  const signature = typeof secret === 'string' ? Signature.parse(secret) : (secret ?? null);
  const eventUrls = new Map<string, string>();
  const forgotten = (workflowId: string) => void eventUrls.delete(workflowId);
  const hooks = httpHooks({
    signature,
    eventsUrl: (call) => (apiUrl ? `${apiUrl}/bridge/calls/${encodeURIComponent(call)}/events` : eventUrls.get(call)),
  });
  const bridge = new SimulatedBridge(randomUUID(), { ...hooks, sleep, onPartyEvent, forgotten }, outbound);
  const server = createServer((request, response) => {
    answer(request, { bridge, signature, answerWithinMs, eventUrls }).then(
      ([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      // No answer that counts, as of a bridge that is broken.
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { bridge, url, shutdown: () => shutdown(bridge, server) };
}

async function shutdown(bridge: SimulatedBridge, server: Server): Promise<void> {
  bridge.removeAll();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

interface Surroundings {
  bridge: BridgeActivities;
  signature: Signature | null;
  answerWithinMs: number;
  /** Where the events of each call go, by its workflow id. */
  eventUrls: Map<string, string>;
}

/** Status and body of the answer to one POST. Contract B3, B4. */
async function answer(request: IncomingMessage, around: Surroundings): Promise<[status: number, body: object]> {
  const { bridge, signature, answerWithinMs, eventUrls } = around;
  const body = await read(request);
  const fault = signature?.fault(request.headers, body) ?? null;
  if (fault !== null) return [401, { message: fault }];
  const command = JSON.parse(body) as BridgeCommand;
  const eventsUrl = request.headers['hookline-events-url'];
  if (typeof eventsUrl === 'string') eventUrls.set(command.commandId.replace(/\/\d+$/, ''), eventsUrl);
  const running = new AbortController();
  try {
    return [200, await Promise.race([bridge.bridgeCommand(command), later(answerWithinMs, running.signal)])];
  } catch (error) {
    if (error instanceof BridgeError) return [422, { error: { type: error.type, message: error.message } }];
    throw error;
  } finally {
    running.abort();
  }
}

function later(ms: number, signal: AbortSignal): Promise<CommandResult | { result: 'running' }> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ result: 'running' }), ms);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
