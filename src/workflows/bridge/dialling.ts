/**
 * Reaching a further party and letting it speak with the caller: what `makeCall`, `agentConnect` and `transfer` share.
 * Contract B3, B4, C1.
 * @module
 */
import type { CommandFields } from '../../telephony/commands.js';
import { BridgeFailure, LegGone } from './command-failures.js';
import { patched } from '@temporalio/workflow';
import type { CallersWait } from './callers-wait.js';
import { CallerLeft, interruptible } from '../interruption.js';
import { ifAllowed } from './dialling-limits.js';
import { type Leg } from './legs.js';
import { CAUSE } from '../../telephony/causes.js';
import type { WidgetContext } from '../widget-context.js';

/** Why a party was not reached, by the names of the lines. */
export type Unreached = 'busy' | 'noAnswer' | 'rejected' | 'unreachable' | 'machine' | 'failure';

/** How an attempt to reach a party ended. */
export type Attempt = { reached: Leg } | { line: Unreached } | { leftBy: string };

/** How a party is rung. */
export interface Ringing {
  to: string;
  from: string | undefined;
  /** Both as the widget has them, with variables: a number that is made of a sensitive value is sensitive. Contract V7. */
  written: { to: unknown; from: unknown };
  ringSeconds: number;
  whileRinging: CommandFields['dial']['whileRinging'];
  /** Whether a machine that answers is hung up on, and counts as not reached. */
  detectMachine?: boolean | undefined;
}

/** The line and the Q.850 cause of each error that a bridge may give to `dial` and `transfer`. Contract B4. */
const REFUSALS: Readonly<Record<string, { line: Unreached; cause: number }>> = {
  BUSY: { line: 'busy', cause: 17 },
  NO_ANSWER: { line: 'noAnswer', cause: 19 },
  REJECTED: { line: 'rejected', cause: 21 },
  UNREACHABLE: { line: 'unreachable', cause: 20 },
};

/**
 * Rings a party on a leg of its own until it answers, refuses, or the caller leaves.
 * @param waiting the caller's wait, which may go on over several parties; an answer ends it
 */
export async function ring(
  call: WidgetContext,
  { to, from, written, detectMachine, ...how }: Ringing,
  waiting?: CallersWait,
): Promise<Attempt> {
  const { bridge, legs, interruption } = call.state;
  if (!legs.first.live) throw new LegGone('There is no caller to connect with.');
  const pressed = waiting?.leftBy();
  if (pressed !== undefined) {
    // Between two numbers; before 0.7 such a key did not count.
    if (patched('a-key-between-two-numbers-leaves')) return { leftBy: pressed };
    waiting?.forgetKeys();
  }
  const shown = from ?? legs.first.party.ourNumber;
  const leg = legs.add(
    { number: to, sensitive: call.holdsSensitive(written.to) },
    { number: shown, sensitive: call.holdsSensitive(written.from) },
  );
  call.endHold();
  const fields = { to, from: shown, ...how, heardBy: legs.first.name, ...(detectMachine && { detectMachine }) };
  const dial = () => {
    call.note('leg', `leg ${leg.name} is dialled`);
    return bridge.command('dial', fields, leg, call.sensitive);
  };
  try {
    waiting?.speak();
    const allowed = () => ifAllowed(call.state, to, dial);
    const { at } = await interruptible(interruption, allowed, waiting?.leftBy);
    leg.connect(at ?? new Date().toISOString());
    if (detectMachine && leg.answeredBy === 'machine') {
      await bridge.hangUp(leg, CAUSE.normal);
      return { line: 'machine' };
    }
    await waiting?.end(true);
    return { reached: leg };
  } catch (error) {
    if (error instanceof CallerLeft) {
      await waiting?.end(false);
      await bridge.hangUp(leg, CAUSE.normal);
      return { leftBy: error.line };
    }
    return { line: refusal(call, error, leg) };
  }
}

/** Joins the caller and a party until the party leaves. Contract C1: when the caller leaves, the call is over. */
export async function converse(call: WidgetContext, leg: Leg, record: boolean): Promise<void> {
  const { bridge, legs, recordings } = call.state;
  const recording = record ? { record: { name: recordingName(call) } } : {};
  if (recording.record) recordings.expect(recording.record.name);
  try {
    await call.command('join', { with: leg.name, ...recording });
  } catch (error) {
    if (recording.record) recordings.drop(recording.record.name);
    // A party that answers and leaves at once was reached.
    if (error instanceof BridgeFailure && !leg.live) return;
    if (error instanceof BridgeFailure) await bridge.hangUp(leg, CAUSE.normal);
    throw error;
  }
  call.note('leg', `legs ${legs.first.name} and ${leg.name} are joined`);
  await call.until(() => !leg.live);
}

/** The line of a party that was not reached; any other error is thrown. Its leg is over. */
export function refusal(call: WidgetContext, error: unknown, leg?: Leg): Unreached {
  const cause = leg?.end?.cause;
  if (error instanceof LegGone && leg && call.state.legs.first.live) return lineOfCause(cause);
  if (!(error instanceof BridgeFailure)) throw error;
  const { line, cause: usual } = REFUSALS[error.type] ?? { line: 'failure', cause: CAUSE.temporaryFailure };
  leg?.finish({ at: new Date().toISOString(), cause: usual, by: 'remote' });
  call.note('leg', `${leg ? `leg ${leg.name} was` : 'the party was'} not reached: ${error.type}`);
  return line;
}

/** The Q.850 cause of an error that a bridge gave to a `dial`. Contract B4. */
export function causeOfRefusal(type: string): number {
  return REFUSALS[type]?.cause ?? CAUSE.temporaryFailure;
}

/** A name for a recording, unique in the call. */
export function recordingName({ key, visit }: WidgetContext): string {
  return `${key.replaceAll('/', '.')}-${visit}`;
}

/** The line for a leg that went before it was answered. Q.850, by its numbers. */
function lineOfCause(cause: number | undefined): Unreached {
  switch (cause) {
    case CAUSE.userBusy:
      return 'busy';
    case CAUSE.rejected:
      return 'rejected';
    case CAUSE.unallocatedNumber:
    case CAUSE.noRouteToDestination:
    case CAUSE.subscriberAbsent:
    case CAUSE.numberChanged:
    case CAUSE.destinationOutOfOrder:
    case CAUSE.invalidNumber:
      return 'unreachable';
    default:
      return 'noAnswer';
  }
}
