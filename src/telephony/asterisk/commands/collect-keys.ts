/**
 * `collect`: prompts that a key cuts, then keys until enough are there, the terminator comes, or time is up. Contract B3.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { CommandResult } from '../../commands.js';
import { type CommandRun, done, silence } from '../command-run.js';
import { Latch } from '../latch.js';
import type { Playing } from '../legs/leg-media.js';
import { playPrompts } from './play-prompts.js';

/** Carries it out. */
export function collect(run: CommandRun<'collect'>): Promise<CommandResult> {
  const { leg, command, before } = run;
  return leg.media.run(silence(run, leg), async (playing) => {
    if (!command.keepDigits && !before) leg.keep('');
    const keys = new Keys(run, before?.digits ?? '');
    // A key that is there already cuts the prompt before a word of it.
    if (leg.keys === '' && keys.digits === '') await playPrompts(run, command.prompts, playing, true);
    while (!keys.complete && !playing.cut.isSet && !leg.gone && (await keys.more(playing)));
    const { digits, complete } = keys;
    return done({ digits, ended: complete ? 'complete' : digits === '' ? 'noInput' : 'timeout' });
  });
}

class Keys {
  complete = false;

  constructor(
    private readonly run: CommandRun<'collect'>,
    public digits: string,
  ) {
    this.#take();
  }

  /** Waits for a key and takes it; false when time is up, or the command is over for another reason. */
  async more(playing: Playing): Promise<boolean> {
    const { leg, command } = this.run;
    const pressed = new Latch();
    const off = leg.onKey(() => pressed.set());
    const timer = new AbortController();
    try {
      if (leg.keys === '') {
        const seconds = this.digits === '' ? command.firstDigitTimeout : command.interDigitTimeout;
        const late = pause(seconds * 1000, undefined, { signal: timer.signal }).catch(() => undefined);
        await Promise.race([pressed.done, playing.cut.done, leg.over.done, late]);
      }
      return this.#take();
    } finally {
      off();
      timer.abort();
    }
  }

  /** Takes the keys that are there, as many as are wanted; whether there were any. */
  #take(): boolean {
    const { leg, command, note } = this.run;
    const there = leg.keys !== '';
    while (leg.keys !== '' && !this.complete) {
      const key = leg.keys.charAt(0);
      leg.keep(leg.keys.slice(1));
      if (key !== command.terminator) this.digits += key;
      this.complete = key === command.terminator || this.digits.length >= command.max;
    }
    if (there) note({ digits: this.digits, prompt: command.prompts.length });
    return there;
  }
}
