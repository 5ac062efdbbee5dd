/**
 * A list of commands on its way: what came of each, also when something cuts the list. Contract B7, C1, C3.
 * @module
 */
import { CancellationScope, condition } from '@temporalio/workflow';
import type { Listed } from '../../engine/listed.js';
import { readListed } from '../../telephony/messages.js';
import { type Cause, settlesAtOnce } from '../interruption.js';
import { BridgeFailure } from './command-failures.js';
import type { ListedOutcome } from './listed-results.js';

/** Bytes of a summary at most: the server refuses one of over 400. */
const MAX_SUMMARY = 390;

/** How long the result of a list that is cut is waited for: the bridge gives it as soon as the leg is gone. */
const GRACE_MS = 1000;

/** A list that is out. */
export interface ListUnderWay {
  list: readonly Listed[];
  /** What the bridge answers, null when it is gone. */
  work: Promise<{ answer: unknown } | null>;
  /** What cuts the widget that runs. */
  pending: () => Cause | null;
  /** Hangs up the leg, if it is still there: the bridge then ends the list. */
  hangUp: (cancelled: boolean) => Promise<void>;
}

/** What Temporal's UI shows of a list: the widgets whose commands it has. */
export function summaryOf(list: readonly Listed[]): string {
  const text = `sequence for ${list.map(({ widget, type }) => widget ?? type).join(', ')}`;
  return text.length <= MAX_SUMMARY ? text : `${text.slice(0, MAX_SUMMARY)}...`;
}

/**
 * What came of the commands, in order, up to the first that was not done; none when the bridge does not say in time. Null when
 * the bridge has no sequences.
 */
export async function outcomesOf({ list, work, pending, hangUp }: ListUnderWay): Promise<ListedOutcome[] | null> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  work.then(settle, settle);
  let cancelled: { by: unknown } | undefined;
  try {
    await condition(() => settled || isCut(pending(), list));
  } catch (error) {
    cancelled = { by: error };
  }
  if (!(await settlesAtOnce(() => settled))) {
    await CancellationScope.nonCancellable(async () => {
      await hangUp(cancelled !== undefined);
      await condition(() => settled, GRACE_MS);
    });
  }
  const outcomes = settled ? await outcomesIn(work, list) : [];
  return cancelled && outcomes ? cutBy(cancelled.by, outcomes, list) : outcomes;
}

/** A leg that the bridge ends because the list says so cuts nothing: the result is on its way. */
function isCut(cause: Cause | null, list: readonly Listed[]): boolean {
  return cause !== null && !(cause === 'legEnded' && list.at(-1)?.type === 'hangUp');
}

async function outcomesIn(work: ListUnderWay['work'], list: readonly Listed[]): Promise<ListedOutcome[] | null> {
  let results: ReturnType<typeof readListed>;
  try {
    const answered = await work;
    results = answered ? readListed(answered.answer) : [{ result: 'legGone' }];
  } catch (error) {
    if (!(error instanceof BridgeFailure)) throw error;
    if (error.type === 'NOT_SUPPORTED') return null;
    results = [{ error: { type: error.type, message: error.message } }];
  }
  const outcomes: ListedOutcome[] = [];
  for (const [index, { type }] of list.entries()) {
    const message = `The bridge gave no known result to "${type}".`;
    const outcome = results[index] ?? { error: { type: 'MEDIA_FAILED', message } };
    outcomes.push(outcome);
    if (!isDone(outcome)) break;
  }
  return outcomes;
}

/** A cancellation cuts the widget whose command was under way; what was done before counts. */
function cutBy(cut: unknown, outcomes: readonly ListedOutcome[], list: readonly Listed[]): ListedOutcome[] {
  const done = outcomes.filter(isDone);
  return done.length === list.length ? done : [...done, { cut }];
}

function isDone(outcome: ListedOutcome): boolean {
  return 'result' in outcome && outcome.result === 'done';
}
