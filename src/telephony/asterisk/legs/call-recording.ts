/**
 * The recording of a whole call: both sides of a leg from its answer to its end, without what is sensitive. Asterisk listens in on the
 * channel, so that it makes no difference what plays or who speaks. Contract B3, V7.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ChannelLeg } from './channel-leg.js';
import { type CallOfCommand, idOf, type NodeServices } from '../command-run.js';

/** Milliseconds for the file of a recording that was stopped. */
const STOP_MS = 2000;

/** The recording of one leg. */
export class WholeCall {
  readonly #file: string;
  /** The channel that listens in. It is none of those that are hung up when no command claims them. */
  readonly #listener: string;
  #sensitive = 0;

  constructor(
    private readonly node: NodeServices,
    private readonly call: Pick<CallOfCommand, 'id' | 'emit'>,
    private readonly leg: ChannelLeg,
    private readonly name: string,
  ) {
    this.#file = idOf(call.id, name);
    this.#listener = `listener-${this.#file}`;
  }

  /** Begins it; one that is under way goes on. */
  async begin(): Promise<void> {
    const { ari } = this.node;
    if (!(await ari.listenIn(this.leg.channel, this.#listener))) return;
    await ari.record(this.#listener, { name: this.#file, maxSeconds: 0, beep: false });
  }

  /** Follows it to the end of the leg, and says where it lies. */
  async follow(): Promise<void> {
    const { ari, waits, recordings } = this.node;
    const ends = waits.recording(this.#file);
    await this.leg.over.done;
    await ari.stopRecording(this.#file);
    await Promise.race([ends, pause(STOP_MS)]);
    const url = await recordings.keep(ari, this.#file, { silent: true });
    if (url !== null) await this.call.emit(this.leg, { type: 'recordingReady', name: this.name, url });
  }

  /** Does something of which nothing is recorded. */
  async leavingOut<T>(act: () => Promise<T>): Promise<T> {
    const { ari } = this.node;
    if (this.#sensitive++ === 0) await ari.pauseRecording(this.#file);
    try {
      return await act();
    } finally {
      if (--this.#sensitive === 0) await ari.resumeRecording(this.#file).catch(() => undefined);
    }
  }
}
