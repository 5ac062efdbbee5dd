/**
 * One party's connection: what we do to it, and what the party does. Contract B3, D6.
 * @module
 */
import { CAUSE } from '../causes.js';
import type { DialledParty } from '../../flow/documents/caller.js';
import type { BridgeCommand, CommandResult, Prompt } from '../commands.js';
import type { AnsweredBy } from '../events.js';
import type { SimClock } from './sim-clock.js';
import { BridgeError } from '../bridge-error.js';
import type { EventWhat } from './bridge-events.js';
import { Collect, Play, type Media } from './media.js';
import { promptMs, promptText } from './prompts.js';
import { Recording } from './recording.js';
import { Ringing } from './ringing.js';
import type { PartyEventFields } from './party-event.js';

/** Commands to a leg that is there; `dial`, `join` and `transfer` are the call's, for they concern two parties. */
export type LegCommand = Exclude<BridgeCommand, { type: 'dial' | 'join' | 'transfer' }>;

/** What a leg needs of its call. */
export interface LegSurroundings {
  clock: SimClock;
  /** Sends an event of the leg. */
  emit(what: EventWhat, at: string): void;
  onPartyEvent(what: PartyEventFields, sensitive?: boolean): void;
  /** The leg has ended. */
  gone(): void;
  /** A recording lies ready. */
  recorded(name: string): void;
}

/** A leg, ringing at first. */
export class Leg {
  #answeredAt: string | null = null;
  #gone = false;
  #media: Media | null = null;
  #ringing: Ringing | null = null;
  #onHold = false;
  /** Whether the last command was sensitive. */
  #sensitive = false;
  /** Keys that nobody has collected yet. */
  #early = '';
  #waitingToListen: (() => void)[] = [];
  #joined!: () => void;
  readonly #whenJoined = new Promise<void>((resolve) => (this.#joined = resolve));

  constructor(private readonly around: LegSurroundings) {}

  /** Whether the leg has ended. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Whether a media command runs, so that the engine waits for the leg. */
  get busy(): boolean {
    return this.#media !== null;
  }

  /** Carries a command out. What it does at once is done when this returns; the result may take its time. */
  obey(command: LegCommand): CommandResult | Promise<CommandResult> {
    if (this.#gone) return { result: 'legGone' };
    this.#sensitive = command.sensitive === true;
    switch (command.type) {
      case 'answer':
        return this.#answer();
      case 'play':
        return this.#begin(new Play(command, this.#mediaLine(), (key) => (this.#early += key)));
      case 'collect':
        return this.#collect(command);
      case 'record':
        return this.#record(command);
      case 'hold':
        return this.#hold(command.tune ?? '');
      case 'stop':
        this.silence();
        return this.#done();
      case 'hangUp':
        this.end(command.cause, 'us');
        return this.#done();
      case 'status':
        return this.#done();
      default:
        throw new BridgeError('NOT_SUPPORTED', `The simulator has no command "${(command as BridgeCommand).type}".`);
    }
  }

  /** The party is rung by `dial`. `detect`: who answers is reported. */
  ring(party: DialledParty, ringSeconds: number, detect: boolean): Promise<CommandResult> {
    this.around.emit({ type: 'legRinging', earlyMedia: party.earlyMedia }, this.around.clock.at());
    this.#ringing = new Ringing(party, ringSeconds, this.around.clock, {
      answered: () => this.#answer(detect ? { by: party.machine ? 'machine' : 'human' } : {}),
      refused: (cause) => this.end(cause, 'remote'),
    });
    return this.#ringing.result;
  }

  /** The party of this leg is to be handed over: `party` is rung, and this leg stays until it answers. */
  reach(party: DialledParty, ringSeconds: number): Promise<CommandResult> {
    this.silence();
    this.#ringing = new Ringing(party, ringSeconds, this.around.clock, {
      answered: () => this.#done(),
      refused: () => undefined,
    });
    return this.#ringing.result;
  }

  /** Resolves once the party can speak with another one. */
  joined(): Promise<void> {
    return this.#whenJoined;
  }

  /** The party can speak with the one of another leg. */
  join(other: string): void {
    this.silence();
    this.around.onPartyEvent({ kind: 'joined', text: other });
    this.#joined();
  }

  /** Plays the tone, network or tune to this leg while another one is rung. */
  playRinging(what: string): void {
    this.silence();
    this.around.onPartyEvent({ kind: 'ringing', text: what });
  }

  /** Resolves as soon as a widget listens. Contract D6. */
  async listening(): Promise<void> {
    while (!this.#media?.listens) {
      await new Promise<void>((resolve) => this.#waitingToListen.push(resolve));
    }
  }

  /** The party presses keys, one after the other; those that nobody takes are early digits. Contract D6. */
  async press(keys: string): Promise<void> {
    this.around.onPartyEvent({ kind: 'presses', text: keys }, this.#sensitive);
    this.around.emit({ type: 'digits', digits: keys }, this.around.clock.at());
    const media = this.#media;
    for (const [index, key] of [...keys].entries()) {
      if (!media?.takesKeys || this.#media !== media) {
        this.#early += keys.slice(index);
        return;
      }
      media.press(key);
      if (index < keys.length - 1 && this.#media === media) await this.around.clock.sleep(media.keyGapMs);
    }
  }

  /** The party says something, which a recording keeps and nobody recognises. */
  say(text: string): void {
    this.around.onPartyEvent({ kind: 'says', text });
    this.#media?.hear(promptMs({ text }));
  }

  /** The party hangs up. */
  hangUp(): void {
    if (!this.#gone) this.end(CAUSE.normal, 'remote');
  }

  /** The leg ends. */
  end(cause: number, by: 'remote' | 'us'): void {
    this.#gone = true;
    if (this.#onHold) this.around.onPartyEvent({ kind: 'holdEnds' });
    this.around.onPartyEvent(by === 'remote' ? { kind: 'hangsUp' } : { kind: 'ended', cause });
    this.around.emit({ type: 'legEnded', cause, by }, this.around.clock.at());
    this.#media?.legGone();
    this.#ringing?.legGone();
    this.around.gone();
  }

  /** Ends what plays: a media command or the hold tune. Contract B3. */
  silence(): void {
    this.#media?.stop();
    if (!this.#onHold) return;
    this.#onHold = false;
    this.around.onPartyEvent({ kind: 'holdEnds' });
  }

  /** The call is over: what runs is dropped without an event. */
  drop(): void {
    this.#gone = true;
    this.#media?.legGone();
    this.#ringing?.legGone();
  }

  #answer(who: { by?: AnsweredBy } = {}): CommandResult {
    if (this.#answeredAt === null) {
      this.#answeredAt = this.around.clock.at();
      this.around.onPartyEvent({ kind: 'answered' });
      this.around.emit({ type: 'legAnswered', ...who }, this.#answeredAt);
    }
    return { result: 'done', at: this.#answeredAt };
  }

  #begin(media: Media): Promise<CommandResult> {
    this.silence();
    this.#media = media;
    media.start();
    return media.result;
  }

  #collect(command: Extract<BridgeCommand, { type: 'collect' }>): Promise<CommandResult> {
    if (!command.keepDigits) this.#early = '';
    // A digit cuts the prompt, one that is there already does so before a word of it.
    const prompts = this.#early === '' ? command.prompts : [];
    const collect = new Collect({ ...command, prompts }, this.#mediaLine());
    const result = this.#begin(collect);
    while (this.#early !== '' && this.#media === collect) {
      const key = this.#early.charAt(0);
      this.#early = this.#early.slice(1);
      collect.press(key);
    }
    this.#listens();
    return result;
  }

  #record(command: Extract<BridgeCommand, { type: 'record' }>): Promise<CommandResult> {
    const result = this.#begin(new Recording(command, this.#mediaLine(), (name) => this.around.recorded(name)));
    if (command.beep) this.around.onPartyEvent({ kind: 'hears', text: '[beep]' });
    this.#listens();
    return result;
  }

  /** A widget listens now: what waits for that continues. */
  #listens(): void {
    const waiting = this.#waitingToListen;
    this.#waitingToListen = [];
    for (const resolve of waiting) resolve();
  }

  #hold(tune: string): CommandResult {
    this.silence();
    this.#onHold = true;
    this.around.onPartyEvent({ kind: 'hold', text: tune });
    return this.#done();
  }

  #done(): CommandResult {
    return { result: 'done', at: this.around.clock.at() };
  }

  #mediaLine() {
    return {
      clock: this.around.clock,
      hears: (prompt: Prompt) => this.around.onPartyEvent({ kind: 'hears', text: promptText(prompt) }, this.#sensitive),
      over: () => (this.#media = null),
    };
  }
}
