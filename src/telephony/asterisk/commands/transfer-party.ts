/**
 * `transfer`: the party speaks with another one inside Asterisk, without the bridge. Contract B3.
 * @module
 */
import type { CommandResult } from '../../commands.js';
import { BridgeError } from '../../bridge-error.js';
import { CAUSE } from '../../causes.js';
import type { ChannelLeg } from '../legs/channel-leg.js';
import { type CommandRun, done, idOf, silence } from '../command-run.js';
import { ring } from './dial-party.js';
import { otherLeg } from './join-legs.js';

/** The context of the dialplan in which two parties speak without us. */
const HANDED_OVER = 'handover';

/** Carries it out. */
export async function transfer(run: CommandRun<'transfer'>): Promise<CommandResult> {
  const { node, leg, command, before } = run;
  if (before && (await node.ari.channel(leg.channel))?.dialplan.context === HANDED_OVER) return handedOver(run, leg);
  if ('with' in command) {
    const other = otherLeg(run, command.with);
    for (const one of [leg, other]) await one.media.replace(silence(run, one), async () => undefined);
    return handOver(run, other, [leg, other]);
  }
  await leg.media.replace(silence(run, leg), async () => undefined);
  const hidden = run.call.hiddenLeg(idOf('transfer', command.commandId));
  await ring(run, hidden, command);
  if (!leg.gone) return handOver(run, hidden, [leg]);
  await node.ari.hangUp(hidden.channel, CAUSE.normal);
  return done();
}

async function handOver(run: CommandRun<'transfer'>, other: ChannelLeg, known: ChannelLeg[]): Promise<CommandResult> {
  const { node, leg, call } = run;
  const peer = await node.ari.channel(other.channel);
  if (!peer) throw new BridgeError('LEG_UNKNOWN', 'The other party has hung up.');
  call.release(leg, other);
  if (!(await node.ari.handOver(leg.channel, peer.name))) {
    leg.destroyed(0);
    return done();
  }
  return handedOver(run, ...known);
}

/** Each leg that was handed over ends, before the result. */
async function handedOver({ call }: CommandRun<'transfer'>, ...legs: ChannelLeg[]): Promise<CommandResult> {
  call.release(...legs);
  for (const leg of legs) leg.end(CAUSE.normal, 'us');
  await Promise.all(legs.map(({ ended }) => ended.done));
  return done();
}
