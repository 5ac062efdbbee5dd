/**
 * `answer`, `hold`, `stop`, `hangUp` and `status`: commands of one step. Contract B3.
 * @module
 */
import type { CommandResult } from '../../commands.js';
import { type CommandRun, done, silence } from '../command-run.js';

/** Connects the leg; on a leg that is connected it is done at once. */
export async function answer({ node, call, leg, command }: CommandRun<'answer'>): Promise<CommandResult> {
  if (!leg.answered.isSet) {
    await node.ari.answer(leg.channel);
    await Promise.race([leg.answered.done, leg.over.done]);
  }
  if (command.record && !leg.gone) await call.recordWhole(leg, command.record.name);
  return done();
}

/** Starts the hold tune; a name that Asterisk has no tune for gives its default one, so that nobody waits in silence. */
export function hold(run: CommandRun<'hold'>): Promise<CommandResult> {
  const { node, leg, command } = run;
  const tune = node.tunes.includes(command.tune ?? '') ? (command.tune ?? '') : '';
  return leg.media.replace(silence(run, leg), async () => {
    await node.ari.startTune(leg.channel, tune);
    leg.media.tuneBegan();
    return done();
  });
}

/** Ends what plays. */
export async function stop(run: CommandRun<'stop'>): Promise<CommandResult> {
  await run.leg.media.replace(silence(run, run.leg), async () => undefined);
  return done();
}

/** Ends the leg. */
export async function hangUp({ node, leg, command }: CommandRun<'hangUp'>): Promise<CommandResult> {
  leg.hangingUp(command.cause);
  if (!(await node.ari.hangUp(leg.channel, command.cause))) leg.end(command.cause, 'us');
  await leg.ended.done;
  return done();
}

/** The leg is there, or this command would not be asked. */
export async function status(): Promise<CommandResult> {
  return done();
}
