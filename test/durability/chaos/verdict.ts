/**
 * What a run owes: every call ends once as it should, with its flow end, and no repeat looks like something new.
 * @module
 */
import type { CallReport } from '../../../src/engine/call-report.js';
import type { BridgeCommand } from '../../../src/telephony/commands.js';
import type { Arrival } from './bridge.js';
import type { PlannedCall } from './calls.js';
import type { TargetRequest } from './target.js';

/** What the harness saw. */
export interface Seen {
  /** Calls that were started, by their number. */
  started: ReadonlyMap<number, PlannedCall>;
  /** Reports of those that have closed. */
  reports: ReadonlyMap<number, CallReport>;
  /** Calls whose flow end was accepted. */
  flowEnds: ReadonlySet<number>;
  requests: readonly TargetRequest[];
  arrivals: readonly Arrival[];
}

/** What is broken, a line for each case; and what was repeated, which is allowed. */
export interface Verdict {
  /** Calls that did not end. */
  lost: string[];
  missingFlowEnds: string[];
  /** Repeats that carry an id of their own (W8, E5). */
  newIds: string[];
  /** Calls that went another way than planned, repeats that say something else, commands given twice. */
  other: string[];
  repeatedRequests: number;
  repeatedCommands: number;
}

/** Judges a run. */
export function judge(seen: Seen): Verdict {
  const calls = [...seen.started.values()];
  const { fresh, changed, repeats } = repeatsOf(seen.requests);
  const commands = commandsOf(seen);
  return {
    lost: calls.filter(({ n }) => !seen.reports.has(n)).map(({ n }) => `call ${n} has not ended`),
    missingFlowEnds: calls.filter(({ n }) => !seen.flowEnds.has(n)).map(({ n }) => `call ${n} has no flow end`),
    newIds: fresh,
    other: [...calls.flatMap((call) => detour(call, seen.reports.get(call.n))), ...changed, ...commands.faults],
    repeatedRequests: repeats,
    repeatedCommands: commands.repeats,
  };
}

/** Whether a call ended as planned, by the planned way. */
function detour({ n, path, left, outcome }: PlannedCall, report: CallReport | undefined): string[] {
  if (!report) return [];
  const went = report.path.map(({ widget }) => widget);
  const planned = left === null ? path : [...path.slice(0, went.length - 1), left];
  if (report.outcome === outcome && went.join() === planned.join()) return [];
  const error = report.error ? ` (${report.error.code})` : '';
  return [`call ${n}: ${report.outcome}${error} by ${went.join(' ')}; planned: ${outcome} by ${planned.join(' ')}`];
}

/** Requests for one visit share one id, and one id has one content. */
function repeatsOf(requests: readonly TargetRequest[]) {
  const ofVisit = new Map<string, TargetRequest>();
  const ofId = new Map<string, TargetRequest>();
  const [fresh, changed]: [string[], string[]] = [[], []];
  let repeats = 0;
  for (const request of requests) {
    const { visit, id, content } = request;
    const [before, same] = [ofVisit.get(visit), ofId.get(id)];
    if (before) repeats += 1;
    if (before && before.id !== id) fresh.push(`${visit}: ${before.id}, then ${id}`);
    if (same && same.visit !== visit) changed.push(`${id}: for ${same.visit}, then for ${visit}`);
    else if (same && same.content !== content) changed.push(`${id}: ${same.content}, then ${content}`);
    ofVisit.set(visit, before ?? request);
    ofId.set(id, same ?? request);
  }
  return { fresh, changed, repeats };
}

/** A command that comes again has its id and says the same (B3); a widget gives one of each type at each visit. */
function commandsOf({ arrivals, reports }: Pick<Seen, 'arrivals' | 'reports'>) {
  const ofId = new Map<string, string>();
  const given = new Map<string, number>();
  const faults: string[] = [];
  let repeats = 0;
  const commands = arrivals.flatMap(({ command }): BridgeCommand[] =>
    command.type === 'sequence' ? [command, ...command.commands] : [command],
  );
  for (const command of commands) {
    const content = JSON.stringify(command);
    const before = ofId.get(command.commandId);
    if (before !== undefined) {
      repeats += 1;
      if (before !== content) faults.push(`command ${command.commandId}: ${before}, then ${content}`);
      continue;
    }
    ofId.set(command.commandId, content);
    const key = `${command.callId} ${command.widget} ${command.type}`;
    given.set(key, (given.get(key) ?? 0) + 1);
  }
  for (const [key, times] of given) {
    const [n, widget] = key.split(' ');
    const path = reports.get(Number(n))?.path;
    const visits = path?.filter((entry) => entry.widget === widget).length ?? Infinity;
    if (times > Math.max(1, visits)) faults.push(`command ${key}: ${times} times in ${visits} visits`);
  }
  return { faults, repeats };
}
