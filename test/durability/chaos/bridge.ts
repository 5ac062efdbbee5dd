/**
 * The simulated bridge, seen from the harness. It never dies: what a dead bridge means is another promise (B5).
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ArrivingCall } from '../../../src/telephony/simulator/simulated-bridge.js';
import type { BridgeCommand } from '../../../src/telephony/commands.js';

/** A call that arrives at the bridge. */
export type BridgeOrder = Omit<ArrivingCall, 'direction'>;
/** What the process of the bridge tells. */
export type BridgeNews =
  { ready: { id: string; taskQueue: string } } | { command: BridgeCommand; at: number } | { lostEventOf: string };

/** A command as it came to the bridge. */
export interface Arrival {
  command: BridgeCommand;
  /** Milliseconds since 1970. */
  at: number;
}

/** The bridge of a run. */
export interface ChaosBridge {
  id: string;
  taskQueue: string;
  arrivals: Arrival[];
  /** Calls of which an event could not be brought within 6 s. */
  lostEvents: string[];
  addCall(call: BridgeOrder): void;
  stop(): void;
}

/** Starts the process of the bridge, and waits until it takes commands. */
export async function startBridge(address: string, namespace: string): Promise<ChaosBridge> {
  const child: ChildProcess = fork(fileURLToPath(new URL('bridge-process.ts', import.meta.url)), [address, namespace]);
  const arrivals: Arrival[] = [];
  const lostEvents: string[] = [];
  const where = await new Promise<{ id: string; taskQueue: string }>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The bridge ended with code ${code}.`)));
    child.on('message', (news: BridgeNews) => {
      if ('ready' in news) resolve(news.ready);
      else if ('command' in news) arrivals.push(news);
      else lostEvents.push(news.lostEventOf);
    });
  });
  return {
    ...where,
    arrivals,
    lostEvents,
    addCall: (call) => void child.send(call),
    stop: () => void child.kill('SIGKILL'),
  };
}
