/**
 * What a bridge had done of a sequence when the call was ended from outside. Contract B7, E2.
 * @module
 */
import type { LegFacts, PathEntry } from '../../engine/call-report.js';
import type { Listed, SequenceUnderWay } from '../../engine/listed.js';
import type { UnfinishedCall } from '../../engine/unfinished.js';
import { shownAssignment } from '../../flow/values/sensitive.js';
import type { Assignment } from '../../flow/values/variables.js';
import type { ListedResult } from '../../telephony/commands.js';
import { readListed } from '../../telephony/messages.js';
import { FIRST_LEG } from '../../telephony/start.js';
import { deliverCommand } from '../bridge/bridge-transport.js';
import { summaryOf } from '../bridge/sequence.js';

/** What goes into the report: the widgets of the sequence, in the place of the one that the call knew, and what they wrote. */
export interface TakenUp {
  walked: PathEntry[];
  writes: Assignment[];
  /** Set when the sequence itself hung up. */
  hungUp: { cause: number; at: string | undefined } | null;
}

/** Asks the bridge, which gives the first results again. The leg must be gone, so that it begins nothing. */
export async function takeUpSequence(
  { bridge }: UnfinishedCall,
  { command, list }: SequenceUnderWay,
): Promise<TakenUp> {
  try {
    const delivered = await deliverCommand(bridge, command, summaryOf(list));
    return takenUp(list, delivered ? readListed(delivered.answer) : []);
  } catch {
    // The bridge knows the call no more: what it had done of the sequence stays unknown.
    return takenUp(list, []);
  }
}

/** The widgets that the results speak of; the one whose command was not done has no line. */
export function takenUp(list: readonly Listed[], results: readonly (ListedResult | undefined)[]): TakenUp {
  const taken: TakenUp = { walked: [], writes: [], hungUp: null };
  for (const [index, { type, fields, passed, writes, entry }] of list.entries()) {
    const result = results[index];
    if (!result) break;
    const isDone = 'result' in result && result.result === 'done';
    taken.walked.push(...passed);
    taken.writes.push(...writes.map(shownAssignment));
    if (entry) taken.walked.push(isDone ? entry : { ...entry, line: null, lineNumber: null });
    if (!isDone) break;
    if (type === 'hangUp') taken.hungUp = { cause: fields.cause, at: result.at };
  }
  return taken;
}

/** The facts of the first leg, when the sequence has hung it up. */
export function withHangUp(legs: LegFacts[], { hungUp }: TakenUp): LegFacts[] {
  return legs.map((facts) =>
    hungUp && facts.cdrId.endsWith(`#${FIRST_LEG}`)
      ? { ...facts, cause: hungUp.cause, endTime: hungUp.at ?? facts.endTime, remoteHangup: false }
      : facts,
  );
}
