/**
 * Serves the simulated bridge over HTTP: commands come as POSTs, events go to our API. Contract B6. It needs no Temporal.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Caller } from '../../flow/documents/caller.js';
import type { BridgeCommand } from '../commands.js';
import { type CommandAnswer, serveCommands } from '../http/command-server.js';
import { Signature } from '../http/signature.js';
import { BridgeError } from '../bridge-error.js';
import { SimulatedBridge, type SimulatorHooks } from './simulated-bridge.js';
import { httpHooks } from './event-sender.js';

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
  const { secret, apiUrl, answerWithinMs, port, sleep, onPartyEvent, outbound } = options;
  const signature = typeof secret === 'string' ? Signature.parse(secret) : (secret ?? null);
  const eventUrls = new Map<string, string>();
  const forgotten = (workflowId: string) => void eventUrls.delete(workflowId);
  const hooks = httpHooks({
    signature,
    eventsUrl: (call) => (apiUrl ? `${apiUrl}/bridge/calls/${encodeURIComponent(call)}/events` : eventUrls.get(call)),
  });
  const bridge = new SimulatedBridge(randomUUID(), { ...hooks, sleep, onPartyEvent, forgotten }, outbound);
  const carryOut = (command: BridgeCommand, eventsUrl: string | undefined): Promise<CommandAnswer> => {
    if (eventsUrl !== undefined) eventUrls.set(command.commandId.replace(/\/\d+$/, ''), eventsUrl);
    return bridge.bridgeCommand(command).catch((error: unknown) => {
      if (error instanceof BridgeError) return { error: { type: error.type, message: error.message } };
      throw error;
    });
  };
  const server = await serveCommands({
    ...{ carryOut, signature },
    ...(answerWithinMs !== undefined && { answerWithinMs }),
    ...(port !== undefined && { port }),
  });
  const shutdown = () => {
    bridge.removeAll();
    return server.close();
  };
  return { bridge, url: server.url, shutdown };
}
