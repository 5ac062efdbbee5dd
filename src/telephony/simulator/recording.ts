/**
 * `record`: what the party says, until a key, silence or the full length ends it. Contract B3, D6.
 * @module
 */
import type { BridgeCommand } from '../commands.js';
import { Media, type MediaLine } from './media.js';

type RecordCommand = Extract<BridgeCommand, { type: 'record' }>;

/** A recording that is under way. */
export class Recording extends Media {
  #sound = false;
  #cancelSilence = (): void => undefined;
  #cancelLength = (): void => undefined;

  constructor(
    private readonly command: RecordCommand,
    line: MediaLine,
    /** There is something to keep. */
    private readonly kept: (name: string) => void,
  ) {
    super(line);
  }

  override get listens(): boolean {
    return true;
  }

  start(): void {
    this.#cancelLength = this.line.clock.after(this.command.maxSeconds * 1000, () => this.#end('timeout'));
    this.#awaitSound(0);
  }

  /** The party speaks for so long, in milliseconds. */
  override hear(ms: number): void {
    this.#sound = true;
    this.#cancelSilence();
    this.#awaitSound(ms);
  }

  override press(key: string): void {
    if (key === this.command.terminator) this.#end('complete');
  }

  stop(): void {
    this.#end('complete');
  }

  override legGone(): void {
    if (this.#sound) this.kept(this.command.name);
    super.legGone();
  }

  protected release(): void {
    this.#cancelSilence();
    this.#cancelLength();
  }

  #awaitSound(afterMs: number): void {
    const silence = afterMs + this.command.silenceSeconds * 1000;
    this.#cancelSilence = this.line.clock.after(silence, () => this.#end('silence'));
  }

  #end(how: 'complete' | 'silence' | 'timeout'): void {
    if (this.#sound) this.kept(this.command.name);
    this.finish({ result: 'done', at: this.line.clock.at(), ended: this.#sound ? how : 'noInput' });
  }
}
