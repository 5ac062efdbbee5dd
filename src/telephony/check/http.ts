/**
 * A bridge that takes commands at a URL, and posts its events to a server of the kit. Contract B6.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent } from 'undici';
import { BridgeNotReached, postToBridge } from '../../activities/bridge-post.js';
import type { BridgeCommand } from '../commands.js';
import type { Signature } from '../http/signature.js';
import { CallLog, type Outcome, type Reply } from './call-log.js';
import { COMMAND_SECONDS, TAKEN_SECONDS, type BridgeUnderTest, type OpenCall } from './transport.js';

/** Where the bridge is, and how both sides sign. */
export interface HttpBridgeOptions {
  url: string;
  /** Null: nothing is signed, in either direction. */
  signature: Signature | null;
}

/** Within which a POST is answered, if only by `running`. */
const ANSWER_SECONDS = 15;
/** Between two POSTs of a command that runs, in milliseconds; and before a bridge that was not reached is tried again. */
const ASK_EVERY_MS = 500;

/** Prepares to check the bridge at a URL: starts a server for its events, which `close` ends. */
export async function httpBridge({ url, signature }: HttpBridgeOptions): Promise<BridgeUnderTest> {
  const logs = new Map<string, CallLog>();
  const server = await eventServer(logs, signature);
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const { port } = server.address() as AddressInfo;

  async function replyTo(command: BridgeCommand, workflowId: string): Promise<Reply> {
    const eventsUrl = `http://127.0.0.1:${port}/bridge/calls/${encodeURIComponent(workflowId)}/events`;
    const given = performance.now();
    for (let taken = false; ;) {
      const asked = performance.now();
      if (asked - given > COMMAND_SECONDS * 1000) return { silent: 'noEnd' };
      try {
        const signal = AbortSignal.timeout(ANSWER_SECONDS * 1000);
        const answer = await postToBridge({ url, command, eventsUrl, signature, dispatcher, signal });
        if ('error' in answer) return { error: answer.error.type, message: answer.error.message };
        if (answer.result.result !== 'running') return { result: answer.result };
        taken = true;
      } catch (error) {
        if (!(error instanceof BridgeNotReached)) throw error;
        if (taken) return { silent: 'noHeartbeat' };
        if (!error.again || performance.now() - given > TAKEN_SECONDS * 1000) return { silent: 'notTaken' };
      }
      await pause(Math.max(0, asked + ASK_EVERY_MS - performance.now()));
    }
  }

  return {
    heartbeatSeconds: ANSWER_SECONDS,
    open: () => Promise.resolve(openCall(logs, replyTo)),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await dispatcher.destroy();
    },
  };
}

function openCall(
  logs: Map<string, CallLog>,
  replyTo: (command: BridgeCommand, workflowId: string) => Promise<Reply>,
): OpenCall {
  const workflowId = `bridge-check-${randomUUID()}`;
  const log = new CallLog();
  logs.set(workflowId, log);
  return {
    workflowId,
    log,
    async give(command): Promise<Outcome> {
      const givenAt = Date.now();
      const reply = await replyTo(command, workflowId);
      return log.reply(reply, givenAt, Date.now());
    },
    close() {
      logs.delete(workflowId);
      return Promise.resolve();
    },
  };
}

/** Takes events as our API does; those of a call that is over are accepted, and dropped. */
async function eventServer(logs: ReadonlyMap<string, CallLog>, signature: Signature | null): Promise<Server> {
  const server = createServer((request, response) => {
    take(request, logs, signature).then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return server;
}

async function take(
  request: IncomingMessage,
  logs: ReadonlyMap<string, CallLog>,
  signature: Signature | null,
): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  if (signature && signature.fault(request.headers, body) !== null) return 401;
  const [, id = ''] = /^\/bridge\/calls\/([^/]+)\/events$/.exec(request.url ?? '') ?? [];
  const said: unknown = JSON.parse(body);
  for (const event of Array.isArray(said) ? said : [said]) logs.get(decodeURIComponent(id))?.event(event, Date.now());
  return 202;
}
