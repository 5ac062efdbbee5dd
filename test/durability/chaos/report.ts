/**
 * What a run shows, for people; its last line sums it up.
 * @module
 */
import type { ChaosOptions } from './options.js';
import { percentile } from './recovery.js';
import type { Ran } from './run.js';
import type { Verdict } from './verdict.js';

/** Times of recovery in milliseconds, by what was killed. */
export interface Recoveries {
  /** A worker died while the other one was up. */
  worker: number[];
  /** The server died and came back, alone or with a worker. */
  server: number[];
  /** Calls that the next fault hit before they had recovered: their time tells of both, and counts nowhere. */
  hitAgain: number;
}

/** Cases of a kind that are printed one by one. */
const SHOWN = 20;

/** The lines of the report. */
export function reportLines(options: ChaosOptions, ran: Ran, verdict: Verdict, recoveries: Recoveries): string[] {
  const { lost, missingFlowEnds, newIds, other } = verdict;
  const struck = (what: string) => ran.struck.filter((one) => one.what === what).length;
  const all = [...lost, ...missingFlowEnds, ...newIds, ...other];
  const outcomes = [...ran.reports.values()].map(({ outcome }) => outcome);
  const ended = [...new Set(outcomes)].map((one) => `${outcomes.filter((other) => other === one).length} ${one}`);
  return [
    '',
    `calls        ${ran.started.size} started, ${ran.reports.size} ended: ${ended.join(', ')}`,
    `flow ends    ${ran.flowEnds.size} delivered, ${missingFlowEnds.length} missing`,
    `killed       ${struck('worker')} workers, ${struck('server')} servers, ${struck('both')} times both`,
    `network      worker and server: ${struck('server cut')} times cut, ${struck('server slow')} slow; workers and target: ${struck('target cut')} cut, ${struck('target slow')} slow`,
    `requests     ${ran.requests.length}, of which ${verdict.repeatedRequests} repeated, ${newIds.length} with a new id`,
    `commands     ${ran.arrivals.length}, of which ${verdict.repeatedCommands} repeated; ${ran.lostEvents} events lost`,
    `recovery     worker killed, another up: ${spread(recoveries.worker)}`,
    `             server killed, from when it answers again: ${spread(recoveries.server)}`,
    `             ${recoveries.hitAgain} hit again before they had recovered, counted in neither`,
    ...(ran.workerFailures > 0 ? [`workers      ended by themselves ${ran.workerFailures} times`] : []),
    ...all.slice(0, SHOWN).map((fault) => `  ${fault}`),
    ...(all.length > SHOWN ? [`  and ${all.length - SHOWN} more`] : []),
    '',
    summary(options, ran, verdict, recoveries),
  ];
}

function summary({ kills }: ChaosOptions, ran: Ran, verdict: Verdict, { worker }: Recoveries): string {
  return [
    `chaos: ${ran.started.size} calls`,
    `${kills} kills`,
    `${verdict.lost.length} lost`,
    `${verdict.missingFlowEnds.length} missing flow ends`,
    `${verdict.newIds.length} new ids on duplicates`,
    ...(verdict.other.length > 0 ? [`${verdict.other.length} other faults`] : []),
    `recovery p50 ${seconds(percentile(worker, 0.5))}`,
    `p99 ${seconds(percentile(worker, 0.99))}`,
  ].join(', ');
}

function spread(values: readonly number[]): string {
  const [p50, p99, longest] = [0.5, 0.99, 1].map((share) => seconds(percentile(values, share)));
  return `p50 ${p50}, p99 ${p99}, longest ${longest} (${values.length} calls)`;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '-' : `${(ms / 1000).toFixed(1)} s`;
}
