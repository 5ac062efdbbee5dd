/**
 * A bridge node that speaks HTTP with the engine: commands come as POSTs, events go to our API. Contract B6. It needs no Temporal.
 * @module
 */
import type { BridgeEvent } from '../events.js';
import { serveCommands } from '../http/command-server.js';
import type { Signature } from '../http/signature.js';
import { AsteriskBridge, type AsteriskBridgeOptions } from './asterisk-bridge.js';
import type { CallStarter } from './incoming-call.js';
import type { SendEvent } from './outbox.js';

/** Milliseconds that our API has for an answer. */
const ANSWER_MS = 5000;
/** Answers after which an event is not sent again: it was taken, or will never be. */
const SETTLED = [202, 400, 413, 422];

/** How to run it. */
export interface HttpBridgeOptions extends Omit<AsteriskBridgeOptions, 'sendEvent' | 'completes' | 'starter'> {
  signature: Signature | null;
  /** Our API; null: events go where the header of a call's commands says. */
  apiUrl: string | null;
  /** Starts calls that arrive, for a node that takes their commands at this URL; without it they are refused. */
  starter?: (url: string) => CallStarter | undefined;
  /** Default any that is free. */
  port?: number | undefined;
  /** Default 127.0.0.1. */
  host?: string | undefined;
}

/** A node that runs. */
export interface RunningHttpBridge {
  bridge: AsteriskBridge;
  /** The URL to name in a call's start. */
  url: string;
  /** Takes no more commands; calls stay in Asterisk for the next process. */
  stop(): Promise<void>;
}

/** Starts a node. */
export async function startHttpBridge(options: HttpBridgeOptions): Promise<RunningHttpBridge> {
  const { signature, apiUrl, port, host, starter, ...rest } = options;
  let bridge: AsteriskBridge | undefined;
  const server = await serveCommands({
    async carryOut(command, eventsUrl) {
      if (!bridge) throw new Error('the bridge has not begun yet');
      return bridge.command(command, { ...(eventsUrl !== undefined && { eventsUrl }) });
    },
    alive: () => bridge?.alive === true,
    signature,
    ...(port !== undefined && { port }),
    ...(host !== undefined && { host }),
  });
  const { url } = server;
  const starts = starter?.(url);
  bridge = new AsteriskBridge({
    ...rest,
    sendEvent: eventSender({ signature, apiUrl }),
    ...(starts && { starter: starts }),
  });
  const running = bridge;
  await running.start();
  const stop = async () => {
    await server.close();
    running.close();
  };
  return { bridge: running, url, stop };
}

/** Brings events to our API. */
export function eventSender({ signature, apiUrl }: Pick<HttpBridgeOptions, 'signature' | 'apiUrl'>): SendEvent {
  return async (workflowId: string, event: BridgeEvent, eventsUrl: string | undefined) => {
    const url = apiUrl === null ? eventsUrl : `${apiUrl}/bridge/calls/${encodeURIComponent(workflowId)}/events`;
    if (url === undefined) throw new Error('the URL for events of this call is not known yet');
    const body = JSON.stringify(event);
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signature?.headers(event.eventId, body) },
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await answer.arrayBuffer();
    if (!SETTLED.includes(answer.status)) throw new Error(`the API answered ${answer.status}`);
  };
}
