/**
 * What many calls need, reckoned from the figures of a run: the telephone call on the real server with PostgreSQL, and the calls
 * that wait.
 * @module
 */
import type { JobFigures } from '../measures/job.js';
import type { Results } from '../results.js';
import { round } from '../statistics.js';
import { shardsFor } from './shards.js';

/** Seconds that a call is supposed to last. */
export const CALL_SECONDS = 180;
/** Share of a processor that is planned for. */
export const PLANNED_LOAD = 0.6;
/** Calls that one worker process is planned to keep; it holds more. */
export const CALLS_IN_A_WORKER = 5000;
/** Milliseconds that a write of the Temporal server keeps its shard: supposed, for a database that syncs to a disk of its own. */
export const WRITE_MS = 3;
/** Milliseconds that 99 of 100 writes may wait for their shard. */
export const SHARD_WAIT_MS = 20;

/** What so many calls a second need. */
export interface Needs {
  perSecond: number;
  /** Calls at once. */
  atOnce: number;
  workers: number;
  /** Processors of all workers, of the Temporal server, and of its database. */
  cores: { workers: number; server: number; database: number };
  /** Memory of all workers. */
  workersMiB: number;
  /** Requests a second to the server's frontend; `frontend.namespaceRPS` is per frontend, and 2,400 by default. */
  requests: number;
  shards: number;
  /** Milliseconds that 99 of 100 writes wait for so many shards, at most. */
  shardWaitMs: number;
}

/** Reckons them; null when the run has not measured what it takes. */
export function needsOf({ postgresql, waiting }: Results, perSecond: number): Needs | null {
  const call = postgresql.hookline;
  const [fewest, most] = [waiting[0], waiting.at(-1)];
  if (!call || 'unavailable' in call || !call.steps || !fewest || !most || most === fewest) return null;
  const atOnce = perSecond * CALL_SECONDS;
  const cpu = (name: string) => ((call.many.cpuMsPerCall[name] ?? 0) * perSecond) / 1000 / PLANNED_LOAD;
  // A process counts for one processor, though its threads may use more.
  const workers = Math.max(2, Math.ceil(cpu('worker')), Math.ceil(atOnce / CALLS_IN_A_WORKER));
  const perCall = (most.workerMiB - fewest.workerMiB) / (most.calls - fewest.calls);
  const base = fewest.workerMiB - fewest.calls * perCall;
  // Where nobody counted them, each request that is answered is written.
  const requestsPerCall = call.served?.requests ?? requestsOf(call.steps);
  const writes = { writesPerCall: call.served?.writes ?? requestsOf(call.steps), writeMs: WRITE_MS };
  const { shards, waitMs } = shardsFor({ perSecond, ...writes, callSeconds: CALL_SECONDS }, SHARD_WAIT_MS);
  return {
    ...{ perSecond, atOnce, workers },
    cores: { workers: round(cpu('worker')), server: round(cpu('server')), database: round(cpu('postgresql')) },
    workersMiB: Math.round(workers * base + atOnce * perCall),
    requests: Math.round(perSecond * requestsPerCall),
    ...{ shards, shardWaitMs: round(waitMs) },
  };
}

/** A start; each task is polled for and answered. */
export function requestsOf({ workflowTasks, activities }: NonNullable<JobFigures['steps']>): number {
  return 1 + 2 * workflowTasks + 2 * activities;
}
