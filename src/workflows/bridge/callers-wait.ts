/**
 * A wait of the caller: what is heard in it, and the keys by which it is left. Contract H6, H7.
 * @module
 */
import { CancellationScope, condition } from '@temporalio/workflow';
import type { TimelineEntry } from '../../flow/widgets/timeline.js';
import { settlesAtOnce } from '../interruption.js';
import type { WidgetContext } from '../widget-context.js';

/** How long an answer waits for the end of a prompt, when it does. Contract H7. */
const FINISH_MS = 10_000;

/** What is heard while the caller waits, and what leaves the wait. */
export interface Waiting {
  /** The key that leaves by line `left`, from the start. */
  leaveKey?: string | undefined;
  /** What is heard, and the keys that come with it. */
  timeline?: readonly TimelineEntry[] | undefined;
  /** Whether the hold tune plays before and after each prompt. */
  tune: boolean;
  /** Whether the end of the wait lets the caller hear a prompt to its end. Contract H7. */
  finishPrompt?: boolean;
}

/** One wait. Made when it begins; {@link CallersWait.speak} starts its timeline, {@link CallersWait.end} ends what is heard. */
export class CallersWait {
  readonly #began = Date.now();
  /** By key: its line, and how many keys had been pressed when it began to count. */
  readonly #keys = new Map<string, { line: string; from: number }>();
  #begun = false;
  #over = false;
  #speaking = false;

  constructor(
    private readonly call: WidgetContext,
    private readonly waiting: Waiting,
  ) {
    if (waiting.leaveKey !== undefined) this.#opens({ [waiting.leaveKey]: 'left' });
  }

  /** Whether any key can leave the wait. */
  get canBeLeft(): boolean {
    const { leaveKey, timeline = [] } = this.waiting;
    return leaveKey !== undefined || timeline.some(({ keys }) => keys !== undefined);
  }

  /** The line by which the caller has left: that of the first key pressed that counted; undefined while there is none. */
  readonly leftBy = (): string | undefined => {
    const { keys } = this.call.state.legs.first;
    const pressed = [...this.#keys].flatMap(([key, { line, from }]) => {
      const at = keys.indexOf(key, from);
      return at < 0 ? [] : [{ at, line }];
    });
    return pressed.sort((one, other) => one.at - other.at)[0]?.line;
  };

  /** What was pressed so far does not count. */
  forgetKeys(): void {
    const from = this.call.state.legs.first.keys.length;
    for (const [key, { line }] of this.#keys) this.#keys.set(key, { line, from });
  }

  /** From now on the caller hears the timeline. Nothing is due while the wait is over, so that a fast answer costs nothing. */
  speak(): void {
    const { timeline = [] } = this.waiting;
    if (timeline.length === 0 || this.#begun || this.call.state.legs.first.state !== 'connected') return;
    this.#begun = true;
    // It ends with the wait, whatever ends that.
    void CancellationScope.nonCancellable(() => this.#hear(timeline));
  }

  /** The wait is over: nothing more is said. @param answered whether by what was waited for, and not by the caller. Contract H7. */
  async end(answered: boolean): Promise<void> {
    this.#over = true;
    if (!this.#speaking) return;
    const { bridge, legs } = this.call.state;
    const silent = () => !this.#speaking || !legs.first.live;
    await CancellationScope.nonCancellable(async () => {
      if (answered && this.waiting.finishPrompt === true) {
        await condition(silent, FINISH_MS, { summary: `${this.call.key}: the end of the prompt` });
      }
      // A prompt that has just ended needs no stop.
      if (await settlesAtOnce(silent)) return;
      bridge.stop();
      await condition(silent);
    });
  }

  async #hear(timeline: readonly TimelineEntry[]): Promise<void> {
    for (let next: Due | undefined = this.#dueFrom(timeline, 0); next !== undefined;) {
      if (!(await this.#comes(next.at))) return;
      // Of those that fell due meanwhile the last is heard; the keys of all of them count.
      let index = next.index;
      while (this.#momentOf(timeline[index + 1]) <= Date.now()) this.#opens(timeline[index++]?.keys);
      const entry = timeline[index];
      if (!entry) return;
      this.#opens(entry.keys);
      await this.#say(entry);
      next = this.#dueFrom(timeline, index + 1);
    }
  }

  /** What is due next: an entry, or the last one again. */
  #dueFrom(timeline: readonly TimelineEntry[], index: number): Due | undefined {
    const entry = timeline[index];
    if (entry) return { index, at: this.#momentOf(entry) };
    const every = timeline.at(-1)?.every;
    return every === undefined ? undefined : { index: timeline.length - 1, at: Date.now() + every * 1000 };
  }

  /** Waits for a moment; false when the wait is over before. */
  async #comes(at: number): Promise<boolean> {
    const over = () => this.#over || !this.call.state.legs.first.live;
    const left = at - Date.now();
    if (left > 0) await condition(over, left, { summary: `${this.call.key}: what the caller hears next` });
    return !over();
  }

  /** Lets the caller hear an entry over the tune, which comes back while the wait lasts. */
  async #say({ prompt }: TimelineEntry): Promise<void> {
    const { call } = this;
    this.#speaking = true;
    try {
      await call.speak(prompt, () => this.#over);
    } catch (error) {
      call.note('note', `${call.key}: a prompt of the wait was not heard to its end: ${String(error)}`);
    } finally {
      this.#speaking = false;
    }
    const { account, bridge, legs } = call.state;
    if (this.#over || !this.waiting.tune || !legs.first.live) return;
    bridge.startHold(account.holdTune);
    call.note('hold', 'the hold tune plays again');
  }

  #momentOf(entry: TimelineEntry | undefined): number {
    return entry === undefined ? Infinity : this.#began + entry.at * 1000;
  }

  #opens(keys: Readonly<Record<string, string>> = {}): void {
    const from = this.call.state.legs.first.keys.length;
    for (const [key, line] of Object.entries(keys)) this.#keys.set(key, { line, from });
  }
}

/** An entry of a timeline and its moment, in milliseconds since 1970. */
interface Due {
  index: number;
  at: number;
}
