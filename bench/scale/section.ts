/**
 * What it takes, as a section of the results.
 * @module
 */
import { table } from '../markdown.js';
import type { Results } from '../results.js';
import { CALLS_IN_A_WORKER, CALL_SECONDS, PLANNED_LOAD, SHARD_WAIT_MS, WRITE_MS, needsOf } from './needs.js';

/** Calls a second that are reckoned for. */
export const PACES = [10, 100, 1000];

/** The section; nothing when the run has not measured what it takes. */
export function scaleSection(results: Results): string[] {
  const needs = PACES.map((pace) => needsOf(results, pace)).filter((one) => one !== null);
  if (needs.length === 0) return [];
  return [
    '## What it takes',
    '',
    'Reckoned, not measured, from the figures of this run: CPU of the telephone call on PostgreSQL, memory of the calls that wait, requests and',
    `writes as its server counted them. Calls last ${CALL_SECONDS} s, processors are planned for at ${PLANNED_LOAD * 100} %, a worker for ${CALLS_IN_A_WORKER} calls. Shards are simulated`,
    `(\`bench/scale/shards.ts\`): a write keeps its shard for ${WRITE_MS} ms, which is supposed, and 99 of 100 wait at most ${SHARD_WAIT_MS} ms.`,
    '[Scale](../docs/scale.md) tells how to use it.',
    '',
    table(
      [
        ...['calls/s', 'calls at once', 'worker processes', 'their cores', 'their memory, GiB', 'server cores'],
        ...['PostgreSQL cores', 'shards', 'wait for a shard p99, ms', 'frontend requests/s'],
      ],
      needs.map(({ perSecond, atOnce, workers, cores, workersMiB, shards, shardWaitMs, requests }) => [
        ...[perSecond, atOnce, workers, cores.workers, Math.round(workersMiB / 102.4) / 10, cores.server],
        ...[cores.database, shards, shardWaitMs, requests],
      ]),
    ),
    '',
  ];
}
