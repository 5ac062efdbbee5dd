/**
 * Playbacks and recordings whose end somebody waits for. After a reconnection Asterisk is asked for each, since an end of the time
 * between was not reported. Contract B3.
 * @module
 */
import type { Ari } from './ari.js';
import type { AriEvent } from './ari-messages.js';
import { Latch } from '../latch.js';

/** How a playback ended: `done` also when it was stopped. */
export type PlaybackEnd = 'done' | 'failed';

/** What is waited for. */
export class AriWaits {
  readonly #playbacks = new Map<string, Latch<PlaybackEnd>>();
  readonly #recordings = new Map<string, Latch>();

  /** The end of a playback. */
  playback(id: string): Promise<PlaybackEnd> {
    return kept(this.#playbacks, id).done;
  }

  /** The end of a recording, also of one that could not be made. */
  recording(name: string): Promise<void> {
    return kept(this.#recordings, name).done;
  }

  /** Asterisk reported something. */
  happened(event: AriEvent): void {
    if (event.type === 'PlaybackFinished')
      this.#playbackEnded(event.playback.id, event.playback.state === 'failed' ? 'failed' : 'done');
    if (event.type === 'RecordingFinished' || event.type === 'RecordingFailed')
      this.#recordingEnded(event.recording.name);
  }

  /** Asks for everything that is waited for; what is not there any more has ended. */
  async probe(ari: Ari): Promise<void> {
    for (const id of [...this.#playbacks.keys()]) if (!(await ari.plays(id))) this.#playbackEnded(id, 'done');
    for (const name of [...this.#recordings.keys()]) if (!(await ari.records(name))) this.#recordingEnded(name);
  }

  #playbackEnded(id: string, how: PlaybackEnd): void {
    this.#playbacks.get(id)?.set(how);
    this.#playbacks.delete(id);
  }

  #recordingEnded(name: string): void {
    this.#recordings.get(name)?.set();
    this.#recordings.delete(name);
  }
}

function kept<T>(latches: Map<string, Latch<T>>, key: string): Latch<T> {
  const latch = latches.get(key) ?? new Latch<T>();
  latches.set(key, latch);
  return latch;
}
