/**
 * `join`: two legs hear each other until one of them ends. Contract B3.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { CommandResult } from '../../commands.js';
import { BridgeError } from '../../bridge-error.js';
import type { ChannelLeg } from '../legs/channel-leg.js';
import { type CommandRun, done, idOf, silence } from '../command-run.js';

/** Milliseconds for the file of a recording that was stopped. */
const STOP_MS = 2000;

/** Carries it out. */
export async function join(run: CommandRun<'join'>): Promise<CommandResult> {
  const { node, leg, command } = run;
  const other = otherLeg(run, command.with);
  const bridge = bridgeOf(run);
  for (const one of [leg, other]) await one.media.replace(silence(run, one), async () => undefined);
  if (!(await node.ari.join(bridge, leg.channel, other.channel))) {
    await node.ari.part(bridge);
    if (leg.gone) return done();
    throw new BridgeError('LEG_UNKNOWN', `The leg "${command.with}" is gone.`);
  }
  if (command.record) await node.ari.recordBridge(bridge, recordingOf(run));
  void watch(run, other);
  return done();
}

/** A conversation that a process before this one began: it is followed to its end. */
export async function resumeJoin(run: CommandRun<'join'>): Promise<void> {
  const other = run.call.legs.get(run.command.with);
  if (!other || !(await run.node.ari.hasBridge(bridgeOf(run)))) return;
  void watch(run, other);
}

/** The other leg of a command. @throws {BridgeError} LEG_UNKNOWN */
export function otherLeg({ call }: Pick<CommandRun<'join'>, 'call'>, name: string): ChannelLeg {
  const other = call.legs.get(name);
  if (!other || other.gone) throw new BridgeError('LEG_UNKNOWN', `The leg "${name}" is gone.`);
  return other;
}

function bridgeOf({ command }: CommandRun<'join'>): string {
  return idOf('join', command.commandId);
}

function recordingOf({ call, command }: CommandRun<'join'>): string {
  return idOf(call.id, command.record?.name ?? '');
}

/** Ends the conversation with the first leg that ends. A leg that is handed over ends, too, and its conversation is another one. */
async function watch(run: CommandRun<'join'>, other: ChannelLeg): Promise<void> {
  const { node, leg, command, call } = run;
  await Promise.race([leg.over.done, other.over.done]);
  if (command.record) {
    const name = recordingOf(run);
    const ends = node.waits.recording(name);
    await node.ari.stopRecording(name);
    await Promise.race([ends, pause(STOP_MS)]);
    const url = await node.recordings.keep(node.ari, name, { silent: true });
    if (url !== null) await call.emit(leg, { type: 'recordingReady', name: command.record.name, url });
  }
  await node.ari.part(bridgeOf(run), ...[leg, other].filter(({ gone }) => !gone).map(({ channel }) => channel));
}
