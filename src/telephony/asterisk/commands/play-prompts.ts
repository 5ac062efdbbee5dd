/**
 * `play`, and the prompts of `collect`: each is one playback, begun when the one before has ended. After a kill of the bridge the prompt
 * that Asterisk was playing goes on, and none is heard twice unless its end is not known. Contract B3.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { CommandResult, Prompt } from '../../commands.js';
import { AriAway } from '../ari/ari-socket.js';
import { BridgeError } from '../../bridge-error.js';
import { type CommandRun, done, idOf, silence } from '../command-run.js';
import { Latch } from '../latch.js';
import type { Playing } from '../legs/leg-media.js';

/** Milliseconds for the end of the leg to be reported when a playback failed: at a hang-up, and without a sign of one. */
const HANG_UP_MS = 2000;
const NO_HANG_UP_MS = 300;
/** Milliseconds for the end of a playback that was stopped. */
const STOP_MS = 1000;

type PromptRun = CommandRun<'play'> | CommandRun<'collect'>;

/** `play`: done when the last prompt has been heard, or a key cut them. */
export function play(run: CommandRun<'play'>): Promise<CommandResult> {
  const { leg, command } = run;
  return leg.media.run(silence(run, leg), async (playing) => {
    await playPrompts(run, command.prompts, playing, command.bargeIn === true);
    return done();
  });
}

/** Plays prompts until the last has ended, the command is replaced, the leg goes or, where that is wanted, a key is pressed. */
export async function playPrompts(
  run: PromptRun,
  prompts: readonly Prompt[],
  playing: Playing,
  keysCut: boolean,
): Promise<void> {
  const { leg, node, before } = run;
  const stop = new Latch();
  void Promise.race([playing.cut.done, leg.over.done]).then(() => stop.set());
  const off = keysCut ? leg.onKey(() => stop.set()) : () => undefined;
  const { sensitive } = run.command;
  const files = prompts.map((prompt) =>
    sensitive && 'text' in prompt ? node.prompts.sensitiveFile(prompt) : node.prompts.file(prompt),
  );
  try {
    // A prompt that cannot be made is reported when its turn comes.
    for (const file of files) file.catch(() => undefined);
    for (let index = before?.prompt ?? 0; index < files.length && !stop.isSet; index++) {
      const file = await Promise.race([files[index], stop.done]);
      if (file !== undefined && !stop.isSet) await playOne(run, index, file, stop);
    }
  } finally {
    off();
    for (const [index, prompt] of prompts.entries())
      if (sensitive && 'text' in prompt)
        void files[index]?.then(
          (file) => node.prompts.forget(file),
          () => undefined,
        );
  }
}

async function playOne(run: PromptRun, index: number, file: string, stop: Latch): Promise<void> {
  const { leg, node, command } = run;
  const id = idOf(command.commandId, String(index));
  const ends = node.waits.playback(id);
  if (!(await begin(run, index, id, file))) {
    await leg.over.done;
    return;
  }
  const how = await Promise.race([ends, stop.done.then(() => 'stopped' as const)]);
  if (how === 'stopped') {
    await node.ari.stopPlayback(id);
    await Promise.race([ends, leg.over.done, pause(STOP_MS)]);
  } else if (how === 'failed') {
    // At a hang-up this comes before the end of the leg.
    await Promise.race([leg.over.done, pause(leg.hangsUp ? HANG_UP_MS : NO_HANG_UP_MS)]);
    if (!leg.gone) throw new BridgeError('MEDIA_FAILED', 'Asterisk could not play the prompt.');
  }
}

/** Begins a playback, unless it was begun already; false when the leg is gone. */
async function begin(run: PromptRun, index: number, id: string, file: string): Promise<boolean> {
  const { leg, node, before, note } = run;
  const resumed = before?.prompt === index;
  if (resumed) {
    if (await node.ari.plays(id)) return true;
    // Asterisk had begun it, and it has ended meanwhile.
    if (before.playing) {
      node.waits.happened({ type: 'PlaybackFinished', playback: { id, state: 'done' } });
      return true;
    }
  }
  note({ prompt: index, playing: false });
  for (;;) {
    try {
      const begun = await node.ari.play(leg.channel, id, `sound:${file.replace(/\.wav$/, '')}`);
      if (begun) note({ prompt: index, playing: true });
      return begun;
    } catch (error) {
      if (!(error instanceof AriAway)) throw error;
      if (leg.gone) return false;
      if (await node.ari.plays(id)) return true;
    }
  }
}
