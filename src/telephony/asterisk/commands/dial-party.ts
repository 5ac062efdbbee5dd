/**
 * `dial`: rings a number as a new leg; another leg may hear how it rings. Contract B3, B4.
 * @module
 */
import type { CommandResult } from '../../commands.js';
import { BridgeError } from '../../bridge-error.js';
import { CAUSE } from '../../causes.js';
import type { ChannelLeg } from '../legs/channel-leg.js';
import { type CommandOf, type CommandRun, done, idOf, silence } from '../command-run.js';
import { Latch } from '../latch.js';
import { argumentsOf } from '../legs/answered-by.js';
import { detect } from './detect-machine.js';
import { refusalOf } from '../legs/refusals.js';
import { endpointOf } from '../trunks.js';

/** Carries it out. */
export async function dial(run: CommandRun<'dial'>): Promise<CommandResult> {
  const { call, leg, command } = run;
  const heardBy = command.heardBy === undefined ? undefined : call.legs.get(command.heardBy);
  const over = new Latch();
  const heard = heardBy && !heardBy.gone ? hear(run, heardBy, over.done) : Promise.resolve();
  // What the other leg hears is no part of the outcome.
  heard.catch(() => undefined);
  try {
    await ring(run, leg, command, heardBy && command.whileRinging === 'earlyMedia' ? heardBy : null);
  } finally {
    over.set();
  }
  await heard.catch(() => undefined);
  if (command.record && !leg.gone) await call.recordWhole(leg, command.record.name);
  return done();
}

/** What is needed to ring a number. */
export type Rung = Pick<CommandOf<'dial'>, 'to' | 'from' | 'ringSeconds' | 'detectMachine' | 'waitForBeep'>;

/** Rings a number; resolves when it answers or we hang up. @throws {BridgeError} why it did not answer, after the end of the leg */
export async function ring(
  { node, before, note }: Pick<CommandRun<'dial'>, 'node' | 'before' | 'note'>,
  leg: ChannelLeg,
  { to, from, ringSeconds, detectMachine = false, waitForBeep = false }: Rung,
  heardBy: ChannelLeg | null = null,
): Promise<void> {
  leg.detects = detectMachine;
  const endpoint = endpointOf(node.trunks, to);
  if (endpoint === null) await refuse(leg, CAUSE.invalidNumber);
  else if (before) await adopt(node, leg);
  else {
    note({});
    const callerId = node.trunks.shown(from);
    const timeout = Math.max(1, Math.ceil(ringSeconds));
    const there = heardBy
      ? await ringHeard(node, leg, heardBy, { endpoint, callerId, timeout })
      : await node.ari.originate(leg.channel, { endpoint, callerId, timeout });
    leg.placed = true;
    if (!there) await refuse(leg, CAUSE.noRouteToDestination);
    // It was hung up before it was there.
    if (there && leg.gone) await node.ari.hangUp(leg.channel, leg.cause);
  }
  if (detectMachine) void detected({ node, before }, leg, heardBy, waitForBeep);
  await Promise.race([leg.answered.done, leg.ended.done]);
  const end = leg.gone && !leg.answered.isSet ? await leg.over.done : null;
  if (end?.by === 'remote') {
    const type = refusalOf(end.cause, leg.rang);
    throw new BridgeError(type, `The number was not reached: ${type}, cause ${end.cause}.`);
  }
}

/** A process before this one has dialled: the leg is connected, rings, or is gone. */
async function adopt({ ari }: CommandRun<'dial'>['node'], leg: ChannelLeg): Promise<void> {
  const channel = await ari.channel(leg.channel);
  if (!channel) await refuse(leg, CAUSE.unspecified);
  else if (channel.state === 'Up') leg.found(argumentsOf(channel.dialplan.app_data));
}

/** Out of a conversation that was begun for early media, Asterisk can listen to the party alone. */
async function detected(
  { node: { ari }, before }: Pick<CommandRun<'dial'>, 'node' | 'before'>,
  leg: ChannelLeg,
  heardBy: ChannelLeg | null,
  waitForBeep: boolean,
): Promise<void> {
  await Promise.race([leg.up.done, leg.over.done]);
  if (heardBy) await ari.part(earlyBridge(leg), heardBy.channel, leg.channel);
  await detect(ari, leg, { waitForBeep, begun: before !== undefined });
}

async function refuse(leg: ChannelLeg, cause: number): Promise<void> {
  leg.end(cause, 'remote');
  await leg.ended.done;
}

/** Early media: the leg and the one that hears it are one conversation before it is dialled. */
async function ringHeard(
  { ari }: CommandRun<'dial'>['node'],
  leg: ChannelLeg,
  heardBy: ChannelLeg,
  { endpoint, callerId, timeout }: { endpoint: string; callerId: string; timeout: number },
): Promise<boolean> {
  if (!(await ari.create(leg.channel, endpoint, callerId))) return false;
  await Promise.race([leg.inStasis.done, leg.over.done]);
  await ari.join(earlyBridge(leg), heardBy.channel, leg.channel);
  await ari.dial(leg.channel, timeout);
  return true;
}

function earlyBridge(leg: ChannelLeg): string {
  return idOf('early', leg.channel);
}

/** What the other leg hears until the party answers, or is given up. */
function hear(run: CommandRun<'dial'>, heardBy: ChannelLeg, over: Promise<void>): Promise<void> {
  const { node, leg, command } = run;
  const tone = idOf('ring', leg.channel);
  return heardBy.media.run(silence(run, heardBy), async ({ cut }) => {
    if (command.whileRinging === 'hold') await node.ari.startTune(heardBy.channel, '');
    else if (command.whileRinging === 'ring' && !(await node.ari.plays(tone)))
      await node.ari.play(heardBy.channel, tone, 'tone:ring');
    await Promise.race([over, cut.done, heardBy.over.done]);
    if (command.whileRinging === 'hold') await node.ari.stopTune(heardBy.channel);
    else if (command.whileRinging === 'ring') await node.ari.stopPlayback(tone);
    // Out of the conversation again: Asterisk then records a leg that was created (asterisk/asterisk#2044).
    else await node.ari.part(earlyBridge(leg), heardBy.channel, leg.channel);
  });
}
