/**
 * `dial` with `detectMachine`: Asterisk listens to the party that has answered. Contract B3.
 * @module
 */
import type { Ari } from '../ari/ari.js';
import { argumentsOf, FOUND_OUT } from '../legs/answered-by.js';
import type { ChannelLeg } from '../legs/channel-leg.js';

/** The context of the dialplan that finds out. */
const DETECT = 'detect';

/** Lets Asterisk listen to a party once it has answered. `begun`: a process before this one may have done so. */
export async function detect(
  ari: Ari,
  leg: ChannelLeg,
  { waitForBeep, begun }: { waitForBeep: boolean; begun: boolean },
): Promise<void> {
  await Promise.race([leg.up.done, leg.over.done]);
  if (leg.gone || leg.answered.isSet) return;
  const channel = begun ? await ari.channel(leg.channel) : null;
  if (channel && (channel.dialplan.context === DETECT || argumentsOf(channel.dialplan.app_data)[0] === FOUND_OUT))
    return;
  // Outside of the application its end would not be reported.
  await ari.subscribe(leg.channel);
  await ari.detect(leg.channel, waitForBeep);
}
