/**
 * The simulated bridge as a process, seen from the harness.
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
  | { ready: Pick<ChaosBridge, 'id' | 'taskQueue' | 'epoch'> }
  | { command: BridgeCommand; at: number }
  | { lostEventOf: string };

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
  /** New with each process. Contract B8. */
  epoch: string;
  arrivals: Arrival[];
  /** Calls of which an event could not be brought within 6 s. */
  lostEvents: string[];
  addCall(call: BridgeOrder): void;
  /** Ends it as a power cut would. */
  stop(): void;
}

/** Starts the process of the bridge, and waits until it takes commands. */
export async function startBridge(address: string, namespace: string, taskQueue?: string): Promise<ChaosBridge> {
  const entry = fileURLToPath(new URL('bridge-process.ts', import.meta.url));
  const where = [address, namespace, ...(taskQueue === undefined ? [] : [taskQueue])];
  const child: ChildProcess = fork(entry, where, { execArgv: ['--import', 'tsx'] });
  const arrivals: Arrival[] = [];
  const lostEvents: string[] = [];
  const ready = await new Promise<Pick<ChaosBridge, 'id' | 'taskQueue' | 'epoch'>>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The bridge ended with code ${code}.`)));
    child.on('message', (news: BridgeNews) => {
      if ('ready' in news) resolve(news.ready);
      else if ('command' in news) arrivals.push(news);
      else lostEvents.push(news.lostEventOf);
    });
  });
  return {
    ...ready,
    arrivals,
    lostEvents,
    addCall: (call) => void child.send(call),
    stop: () => void child.kill('SIGKILL'),
  };
}
