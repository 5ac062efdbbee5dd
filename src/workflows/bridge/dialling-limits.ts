/**
 * What an account lets its calls dial: looked at before each `dial` and each `transfer` to a number. Contract D3.
 * @module
 */
import { isCancellation, proxyActivities, uuid4 } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { mayDial } from '../../flow/values/allowed-number.js';
import type { CallState } from '../call-state.js';
import { countNotDialled, type NotDialled } from '../telling/call-metrics.js';
import { logNotDialled } from '../telling/log-call.js';
import { BridgeFailure } from './command-failures.js';

/** The caller waits meanwhile: a store that is away is not waited for any longer. */
const { countDial } = proxyActivities<Pick<Activities, 'countDial'>>({
  startToCloseTimeout: '3 seconds',
  scheduleToCloseTimeout: '5 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '1 second' },
});

/** Why a number is not dialled, for the timeline. */
const WORDS: Readonly<Record<NotDialled, string>> = {
  notAllowed: 'the account does not allow this number',
  perDay: 'the account has dialled as many numbers today as it may',
  notCounted: 'how many numbers the account has dialled today is not known: the store does not answer',
};

/** Gives a command that dials, unless the account does not let it. @throws {BridgeFailure} REJECTED, whose cause is 21 */
export function ifAllowed<T>(state: CallState, to: string, dial: () => Promise<T>): Promise<T> {
  // Without limits the command is given in the same turn, as in calls of releases that had none.
  return state.account.dialling ? requireAllowed(state, to).then(dial) : dial();
}

/** As {@link ifAllowed}, for a command that is given elsewhere. */
export async function requireAllowed(state: CallState, to: string): Promise<void> {
  const refusal = await refusalOf(state, to);
  if (refusal === null) return;
  state.timeline.add('leg', `not dialled: ${WORDS[refusal]}`);
  countNotDialled(refusal);
  logNotDialled(state, refusal);
  throw new BridgeFailure('REJECTED', WORDS[refusal]);
}

async function refusalOf({ account }: CallState, to: string): Promise<NotDialled | null> {
  const { id, timeZone, dialling } = account;
  if (!mayDial(dialling?.allow, to)) return 'notAllowed';
  if (dialling?.perDay === undefined) return null;
  try {
    const counted = await countDial({ account: id, timeZone, perDay: dialling.perDay, dial: uuid4() });
    return counted ? null : 'perDay';
  } catch (error) {
    if (isCancellation(error)) throw error;
    return 'notCounted';
  }
}
