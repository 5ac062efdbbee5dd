/**
 * Who has answered a call that we placed: Asterisk listens to the party in its dialplan (context `detect`), and brings the channel back with
 * what it has found out. Contract B2, B3.
 * @module
 */
import type { AnsweredBy } from '../events.js';
import type { Ari } from './ari/ari.js';
import type { ChannelLeg } from './channel-leg.js';

/** The first argument of a channel that comes back; then the status and the cause of AMD. */
export const FOUND_OUT = 'detected';

/** What AMD has found out. Whoever says nothing may be a machine or a person who waits: nobody is hung up on for that. */
export function answeredBy(status = '', cause = ''): AnsweredBy {
  if (status === 'HUMAN') return 'human';
  return status === 'MACHINE' && !cause.startsWith('INITIALSILENCE') ? 'machine' : 'unknown';
}

/** The arguments with which a channel is in the application, as its dialplan has them. */
export function argumentsOf(appData: string): string[] {
  return appData.split(',').slice(1);
}

/** Lets Asterisk listen to a party once it has answered. `begun`: a process before this one may have done so. */
export async function detect(
  ari: Ari,
  leg: ChannelLeg,
  { waitForBeep, begun }: { waitForBeep: boolean; begun: boolean },
): Promise<void> {
  await Promise.race([leg.up.done, leg.over.done]);
  if (leg.gone || leg.answered.isSet) return;
  const channel = begun ? await ari.channel(leg.channel) : null;
  if (channel && (channel.dialplan.context === 'detect' || argumentsOf(channel.dialplan.app_data)[0] === FOUND_OUT))
    return;
  // Outside of the application its end would not be reported.
  await ari.subscribe(leg.channel);
  await ari.detect(leg.channel, waitForBeep);
}
