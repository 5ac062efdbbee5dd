/**
 * Hanging up the legs of a call that has closed. Contract B3, B5, E2.
 * @module
 */
import type { UnfinishedCall } from '../../engine/unfinished.js';
import type { LegFacts } from '../../engine/call-report.js';
import type { BridgeCommand } from '../../telephony/commands.js';
import { readResult } from '../../telephony/messages.js';
import { deliverCommand } from './bridge-transport.js';
import { CAUSE } from '../../telephony/causes.js';

/** Above the number of every command of the call itself, however often it continued as new. */
const FIRST_NUMBER = 1_000_000_001;

/** Ends one leg and gives its facts, with the end that it had. The bridge cannot keep this from ending. */
export async function hangUpAfterwards(
  { bridge, callId }: UnfinishedCall,
  call: string,
  { name, facts }: UnfinishedCall['legs'][number],
  index: number,
): Promise<LegFacts> {
  const number = FIRST_NUMBER + index;
  const command: BridgeCommand = {
    ...{ commandId: `${call}/${number}`, seq: number, leg: name, callId, widget: null },
    ...{ type: 'hangUp', cause: CAUSE.unspecified },
  };
  try {
    const delivered = await deliverCommand(bridge, command, `hangUp of leg ${name}`);
    if (delivered === null) return ended(facts, CAUSE.bridgeGone, now());
    const result = readResult(delivered.answer);
    // The party left between the end of the call and now: its event had no receiver.
    if (result?.result === 'legGone') return ended(facts, CAUSE.normal, now(), true);
    return ended(facts, CAUSE.unspecified, (result?.result === 'done' ? result.at : undefined) ?? now());
  } catch {
    return ended(facts, CAUSE.unspecified, now());
  }
}

function ended(facts: LegFacts, cause: number, endTime: string, remoteHangup = false): LegFacts {
  return { ...facts, cause, endTime, remoteHangup };
}

function now(): string {
  return new Date().toISOString();
}
