/**
 * Calls that the engine itself places: the callee's numbers are rung in turn, until one answers. Contract B3, B4, F1.
 * @module
 */
import { BridgeFailure, LegGone } from './command-failures.js';
import type { CallState } from '../call-state.js';
import { causeOfRefusal } from './dialling.js';
import { CALLEES_NUMBER } from '../../telephony/start.js';
import { recorded, wholeCall } from './whole-call.js';
import { ifAllowed } from './dialling-limits.js';
import { type Cause, interruptible } from '../interruption.js';

/** Seconds that each number is rung when the start says nothing else. */
const RING_SECONDS = 30;

/** Rings the callee. When nobody answers, the first leg is over, and with it the Start branch. */
export async function placeCall(state: CallState): Promise<void> {
  const { dial, call } = state.input;
  if (!dial) return;
  const sensitive = state.isSensitive(CALLEES_NUMBER);
  const cut = (): Cause | null => (state.bridge.gone ? 'bridgeGone' : state.tooLong ? 'callTooLong' : null);
  for (const to of dial.numbers) {
    const leg = state.legs.ringCallee(to);
    const fields = {
      to,
      from: call.from,
      ringSeconds: dial.ringSeconds ?? RING_SECONDS,
      whileRinging: 'ring',
      ...wholeCall(state.flow),
      ...(dial.detectMachine && { detectMachine: true, ...(dial.waitForBeep && { waitForBeep: true }) }),
    } as const;
    const ring = () => {
      state.timeline.add('leg', `leg ${leg.name} is dialled`);
      return state.bridge.command('dial', fields, leg, sensitive);
    };
    try {
      const { at } = await recorded(fields, state.recordings, () =>
        interruptible(cut, () => ifAllowed(state, to, ring)),
      );
      leg.connect(at ?? new Date().toISOString());
      return;
    } catch (error) {
      if (!(error instanceof BridgeFailure || error instanceof LegGone)) throw error;
      const type = error instanceof BridgeFailure ? error.type : 'NO_ANSWER';
      leg.finish({ at: new Date().toISOString(), cause: causeOfRefusal(type), by: 'remote' });
      state.timeline.add('leg', `leg ${leg.name} was not reached: ${type}`);
    }
  }
}
