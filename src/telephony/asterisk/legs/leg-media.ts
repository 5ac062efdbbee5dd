/**
 * What a leg hears or says at the moment: at most one media command, or the hold tune; a new one replaces the other. Contract B3.
 * @module
 */
import { Latch } from '../latch.js';

/** A media command that is under way: it ends soon after `cut` is set. */
export interface Playing {
  cut: Latch;
}

/** The media of a leg. */
export class LegMedia {
  #now: { playing: Playing; over: Latch } | null = null;
  #tune = false;
  /** Commands replace one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Whether the hold tune plays. */
  get tune(): boolean {
    return this.#tune;
  }

  /** Runs a media command once nothing else plays. @param silence stops the hold tune */
  async run<T>(silence: () => Promise<void>, command: (playing: Playing) => Promise<T>): Promise<T> {
    const mine = { playing: { cut: new Latch() }, over: new Latch() };
    await this.replace(silence, async () => {
      this.#now = mine;
    });
    try {
      return await command(mine.playing);
    } finally {
      if (this.#now === mine) this.#now = null;
      mine.over.set();
    }
  }

  /** Ends what plays, then does something that is begun at once. */
  replace<T>(silence: () => Promise<void>, next: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(async () => {
      const before = this.#now;
      before?.playing.cut.set();
      await before?.over.done;
      if (this.#tune) await silence();
      this.#tune = false;
      return next();
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** The hold tune plays from now on. */
  tuneBegan(): void {
    this.#tune = true;
  }
}
