/**
 * One leg: a channel of Asterisk, what is known of it, and what happens to it. Contract B2, B3.
 * @module
 */
import { CAUSE } from '../../causes.js';
import type { AnsweredBy, BridgeEvent } from '../../events.js';
import type { AriEvent } from '../ari/ari-messages.js';
import { Latch } from '../latch.js';
import { LegMedia } from './leg-media.js';
import { answeredBy, FOUND_OUT } from './answered-by.js';

/** An event without what every event has. */
export type EventWhat<E = BridgeEvent> = E extends BridgeEvent ? Omit<E, 'eventId' | 'seq' | 'at' | 'leg'> : never;

/** What a leg needs of its call. */
export interface LegSurroundings {
  /** Sends an event of the leg, of the time `at` (default: now); resolves when it was taken. */
  emit(what: EventWhat, at?: string): Promise<void>;
  /** The keys that nobody has taken yet have changed. */
  keysChanged(keys: string): void;
  answered(): void;
  gone(): void;
}

/** How a leg ended. */
export interface LegEnd {
  cause: number;
  by: 'remote' | 'us';
}

/** Q.850 causes that say nothing of a party that hung up. */
const SILENT_CAUSES = [0, 127];

/** A leg. */
export class ChannelLeg {
  /** Highest `seq` of a command. */
  seq = 0;
  /** Whether Asterisk has had its channel. */
  placed = false;
  /** Whether the party's phone has rung, or its network has sent sound. */
  rang = false;
  /** Somebody hangs up: what fails now fails for that reason. */
  hangsUp = false;
  /** Keys that no command has taken. */
  keys = '';
  /** The end as Asterisk reported it, with the cause it gave. */
  cause = 0;
  /** It is to be found out who answers: until then nobody is connected. */
  detects = false;
  /** Set once the party has answered, whoever it is. */
  readonly up = new Latch();
  readonly answered = new Latch();
  /** Set once a leg that we dial obeys. */
  readonly inStasis = new Latch();
  /** Set once the end is known. */
  readonly over = new Latch<LegEnd>();
  /** Set after `legEnded` has been taken. */
  readonly ended = new Latch();
  readonly media = new LegMedia();
  #upAt: string | undefined;
  #ourCause: number | null = null;
  #theirs = false;
  readonly #keyListeners = new Set<(key: string) => void>();

  constructor(
    readonly name: string,
    readonly channel: string,
    private readonly around: LegSurroundings,
  ) {}

  /** Whether the leg has ended. */
  get gone(): boolean {
    return this.over.isSet;
  }

  /** Calls back with each key that is pressed, until the function that it gives is called. */
  onKey(listener: (key: string) => void): () => void {
    this.#keyListeners.add(listener);
    return () => this.#keyListeners.delete(listener);
  }

  /** Changes the keys that nobody has taken. */
  keep(keys: string): void {
    if (keys === this.keys) return;
    this.keys = keys;
    this.around.keysChanged(keys);
  }

  /** We are about to hang up. */
  hangingUp(cause: number): void {
    this.#ourCause ??= cause;
    this.hangsUp = true;
  }

  /** The party is connected; `by` says who it is, where that was to be found out, and `at` since when. */
  connected(by?: AnsweredBy, at?: string): void {
    if (this.answered.isSet || this.gone) return;
    this.around.answered();
    void this.around.emit({ type: 'legAnswered', ...(by && { by }) }, at);
    this.answered.set();
  }

  /** The channel is up, and in the application with these arguments. */
  found(args: readonly string[]): void {
    if (!this.detects) this.connected();
    this.#upAt ??= new Date().toISOString();
    this.up.set();
    if (this.detects && args[0] === FOUND_OUT) this.connected(answeredBy(args[1], args[2]), this.#upAt);
  }

  /** Something happened to the channel. */
  happened(event: AriEvent): void {
    this.placed = true;
    if (event.type === 'StasisStart') {
      this.inStasis.set();
      // A leg that was created first is connected once it is up.
      if (event.args[0] === 'out' || event.args[0] === FOUND_OUT) this.found(event.args);
    } else if (event.type === 'ChannelStateChange') {
      if (event.channel.state === 'Up' && event.channel.dialplan.app_name === 'Stasis') this.found([]);
    } else if (event.type === 'Dial') this.#rings(event.dialstatus);
    else if (event.type === 'ChannelDtmfReceived') this.#pressed(event.digit);
    else if (event.type === 'ChannelHangupRequest') {
      this.hangsUp = true;
      if (!event.soft && this.#ourCause === null) this.#theirs = true;
    } else if (event.type === 'ChannelDestroyed') this.destroyed(event.cause);
  }

  /** The channel is gone, for a reason that Asterisk gave. */
  destroyed(reported: number): void {
    const cause = SILENT_CAUSES.includes(reported) ? CAUSE.normal : reported;
    if (this.#ourCause !== null && !this.#theirs) this.end(this.#ourCause, 'us');
    else this.end(cause, 'remote');
  }

  /** The leg ends. */
  end(cause: number, by: LegEnd['by']): void {
    if (this.gone) return;
    // It left before it was known who it was.
    if (this.#upAt !== undefined) this.connected('unknown', this.#upAt);
    this.cause = cause;
    this.over.set({ cause, by });
    void this.around.emit({ type: 'legEnded', cause, by }).then(() => this.ended.set());
    this.around.gone();
  }

  /** It was there in a process before this one: whether it hears the hold tune is not known, and to end none does no harm. */
  adopt(placed: boolean): void {
    this.placed = placed;
    this.media.tuneBegan();
  }

  /** It was answered in a process before this one, which has said so. */
  adoptAnswer(): void {
    this.placed = true;
    this.answered.set();
  }

  /** It ended in a process before this one, which has said so. */
  adoptEnd({ cause, by }: LegEnd): void {
    this.cause = cause;
    this.over.set({ cause, by });
    this.ended.set();
    this.around.gone();
  }

  #rings(status: string): void {
    if (status !== 'RINGING' && status !== 'PROGRESS') return;
    this.rang = true;
    void this.around.emit({ type: 'legRinging', earlyMedia: status === 'PROGRESS' });
  }

  #pressed(key: string): void {
    this.keep(this.keys + key);
    void this.around.emit({ type: 'digits', digits: key });
    for (const listener of [...this.#keyListeners]) listener(key);
  }
}
