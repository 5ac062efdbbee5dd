/**
 * The commands that play or gather: at most one is outstanding on a leg. Contract B3, D6.
 * @module
 */
import type { BridgeCommand, CommandResult, Prompt } from '../commands.js';
import type { SimClock } from './sim-clock.js';
import { playPrompts } from './prompts.js';

/** What media commands need of their leg. */
export interface MediaLine {
  clock: SimClock;
  hears(prompt: Prompt): void;
  /** The command is over: the leg is free at once, before the result travels. */
  over(): void;
}

/** A quick hand. */
const KEY_GAP_MS = 50;

/** A media command that is under way. */
export abstract class Media {
  /** Settles once, when the command is over. */
  readonly result: Promise<CommandResult>;
  #resolve!: (result: CommandResult) => void;
  #finished = false;

  constructor(protected readonly line: MediaLine) {
    this.result = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Begins; called once, when the leg has it as its media. */
  abstract start(): void;
  /** Ends it early, as done with what it has: another command takes the leg. Contract B3. */
  abstract stop(): void;
  /** Whether a party that waits for a widget that listens may speak or press now. Contract D6. */
  get listens(): boolean {
    return false;
  }
  /** Whether a key that is pressed now belongs to this command. */
  get takesKeys(): boolean {
    return this.listens;
  }
  /** Between keys of one press, in milliseconds. */
  get keyGapMs(): number {
    return KEY_GAP_MS;
  }
  /** A key is pressed. */
  press(_key: string): void {}
  /** The party speaks for so long, in milliseconds. */
  hear(_ms: number): void {}

  /** Drops its prompts and timers. */
  protected abstract release(): void;

  /** The leg is gone. Contract B3. */
  legGone(): void {
    this.finish({ result: 'legGone' });
  }

  protected finish(result: CommandResult): void {
    if (this.#finished) return;
    this.#finished = true;
    this.release();
    this.line.over();
    this.#resolve(result);
  }
}

/** `play`: done when the last prompt has ended, or a key cuts them. */
export class Play extends Media {
  #cut = (): void => undefined;

  constructor(
    private readonly command: Extract<BridgeCommand, { type: 'play' }>,
    line: MediaLine,
    /** Called with the key that cut the prompts. */
    private readonly bargedIn: (key: string) => void,
  ) {
    super(line);
  }

  override get takesKeys(): boolean {
    return this.command.bargeIn === true;
  }

  override press(key: string): void {
    this.bargedIn(key);
    this.stop();
  }

  start(): void {
    this.#cut = playPrompts(
      this.command.prompts,
      this.line.clock,
      (prompt) => this.line.hears(prompt),
      () => this.stop(),
      this.command.waiting,
    );
  }

  stop(): void {
    this.finish({ result: 'done', at: this.line.clock.at() });
  }

  protected release(): void {
    this.#cut();
  }
}

type CollectCommand = Extract<BridgeCommand, { type: 'collect' }>;

/** `collect`: prompts that a key cuts, then keys until enough are there, the terminator comes, or time is up. */
export class Collect extends Media {
  #digits = '';
  #cutPrompts = (): void => undefined;
  #cancelTimer = (): void => undefined;

  constructor(
    private readonly command: CollectCommand,
    line: MediaLine,
  ) {
    super(line);
  }

  override get listens(): boolean {
    return true;
  }

  /** Always below the time-out between digits. */
  override get keyGapMs(): number {
    return Math.min(KEY_GAP_MS, (this.command.interDigitTimeout * 1000) / 2);
  }

  start(): void {
    this.#cutPrompts = playPrompts(
      this.command.prompts,
      this.line.clock,
      (prompt) => this.line.hears(prompt),
      () => this.#await(this.command.firstDigitTimeout),
    );
  }

  override press(key: string): void {
    this.#cutPrompts();
    this.#cancelTimer();
    if (key === this.command.terminator) return this.#done('complete');
    this.#digits += key;
    if (this.#digits.length >= this.command.max) this.#done('complete');
    else this.#await(this.command.interDigitTimeout);
  }

  stop(): void {
    this.#done(this.#digits === '' ? 'noInput' : 'timeout');
  }

  protected release(): void {
    this.#cutPrompts();
    this.#cancelTimer();
  }

  #await(seconds: number): void {
    this.#cancelTimer = this.line.clock.after(seconds * 1000, () => this.stop());
  }

  #done(ended: 'complete' | 'noInput' | 'timeout'): void {
    this.finish({ result: 'done', at: this.line.clock.at(), digits: this.#digits, ended });
  }
}
