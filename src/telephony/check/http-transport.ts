/**
 * A bridge that takes commands by HTTP. It is asked as the engine asks it, without any Temporal. Contract B3, B4, B6.
 * @module
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { type BridgeAnswer, BridgeNotReached, postToBridge } from '../http/post.js';
import type { BridgeCommand } from '../commands.js';
import { headerSafe, Signature } from '../http/signature.js';
import { Exchange, type Reply } from './exchange.js';
import { startEventsServer } from './event-receiver.js';
import { COMMAND_SECONDS, TAKEN_SECONDS, type BridgeUnderTest, type Forgery, type OpenCall } from './transport.js';

/** Where the bridge is. */
export interface HttpBridgeOptions {
  url: string;
  /** Of the secret that the bridge has, too; null: nothing is signed. */
  signature: Signature | null;
  /** Where the bridge reaches us for its events, `http://host:port`; null: on this machine. */
  eventsAddress: URL | null;
}

/** What all calls share. */
interface Way extends Pick<HttpBridgeOptions, 'url' | 'signature'> {
  dispatcher: Agent;
  /** Aborted when the kit is done. */
  closed: AbortSignal;
}

/** Within which a POST is answered, in seconds; also how long a running command may show no sign of life. */
const ANSWER_SECONDS = 15;
/** Milliseconds between two POSTs of a command that runs, at least. */
const ASK_EVERY_MS = 500;
/** Milliseconds between attempts to reach the bridge. */
const TRY_EVERY_MS = 250;

/** Prepares to check the bridge at a URL: starts a server for its events, which `close` ends. */
export async function httpBridge({ url, signature, eventsAddress }: HttpBridgeOptions): Promise<BridgeUnderTest> {
  const events = await startEventsServer({ signature, address: eventsAddress });
  const dispatcher = new Agent({ connect: { timeout: TAKEN_SECONDS * 1000 }, headersTimeout: 0, bodyTimeout: 0 });
  const done = new AbortController();
  const way: Way = { url, signature, dispatcher, closed: done.signal };
  return {
    heartbeatSeconds: ANSWER_SECONDS,
    async open(): Promise<OpenCall> {
      const workflowId = `bridge-check-${randomUUID()}`;
      const log = new Exchange();
      const eventsUrl = events.follow(workflowId, log);
      return {
        workflowId,
        log,
        async give(command) {
          const givenAt = Date.now();
          return log.reply(await replyTo(command, eventsUrl, way), givenAt, Date.now());
        },
        ...(signature && { giveForged: (command, forgery) => forged(command, forgery, eventsUrl, way) }),
        close: async () => events.forget(workflowId),
      };
    },
    async close() {
      done.abort();
      await dispatcher.destroy();
      await events.close();
    },
  };
}

/** Asks until the answer is another than `running`. */
async function replyTo(command: BridgeCommand, eventsUrl: string, way: Way): Promise<Reply> {
  const end = AbortSignal.any([way.closed, AbortSignal.timeout(COMMAND_SECONDS * 1000)]);
  for (let taken = false; ; taken = true) {
    const next = performance.now() + ASK_EVERY_MS;
    const answer = await ask(command, eventsUrl, way, end, taken);
    if ('error' in answer) return { error: answer.error.type, message: answer.error.message };
    if ('silent' in answer || answer.result.result !== 'running') return answer;
    await waited(Math.max(0, next - performance.now()), end);
  }
}

/** One question, tried for 5 s until the bridge is reached. `taken`: it has answered the command before. */
async function ask(
  command: BridgeCommand,
  eventsUrl: string,
  { url, signature, dispatcher }: Way,
  end: AbortSignal,
  taken: boolean,
): Promise<BridgeAnswer | Extract<Reply, { silent: unknown }>> {
  for (const until = performance.now() + TAKEN_SECONDS * 1000; ; await waited(TRY_EVERY_MS, end)) {
    if (end.aborted) return { silent: 'noEnd' };
    const limit = AbortSignal.timeout(ANSWER_SECONDS * 1000);
    const signal = AbortSignal.any([end, limit]);
    try {
      return await postToBridge({ url, command, eventsUrl, signature, dispatcher, signal });
    } catch (error) {
      if (!(error instanceof BridgeNotReached)) throw error;
      const why = error.message;
      if (end.aborted) return { silent: 'noEnd' };
      // It has the command, and shows no sign of life: that is another fault than not to be there.
      if (limit.aborted) return { silent: 'noHeartbeat', why };
      if (!error.again) return { silent: 'noAnswer', why };
      if (performance.now() + TRY_EVERY_MS >= until) return { silent: taken ? 'noHeartbeat' : 'notTaken', why };
    }
  }
}

/** POSTs a command once, as somebody would who has not the secret. */
async function forged(command: BridgeCommand, forgery: Forgery, eventsUrl: string, way: Way): Promise<number | null> {
  const body = JSON.stringify(command);
  const other = () => Signature.parse(`whsec_${randomBytes(32).toString('base64')}`);
  const id = { 'webhook-id': headerSafe(command.commandId) };
  const headers = {
    'content-type': 'application/json',
    'hookline-events-url': eventsUrl,
    ...(forgery === 'unsigned' ? id : other().headers(command.commandId, body)),
  };
  const signal = AbortSignal.any([way.closed, AbortSignal.timeout(ANSWER_SECONDS * 1000)]);
  // It is sent once, so not on a connection that the bridge may be closing in this moment.
  const dispatcher = new Agent();
  try {
    const answer = await request(way.url, { method: 'POST', headers, body, dispatcher, signal });
    return answer.statusCode;
  } catch {
    return null;
  } finally {
    await dispatcher.destroy();
  }
}

/** Lets milliseconds pass, fewer when the signal comes. */
async function waited(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
