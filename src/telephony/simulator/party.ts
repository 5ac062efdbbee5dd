/**
 * One party of a simulated call: its leg, its script, and its events. Contract B2, D6.
 * @module
 */
import type { CallerStep } from '../../flow/documents/caller.js';
import type { CommandResult } from '../commands.js';
import type { BridgeEvent } from '../events.js';
import type { SimClock } from './sim-clock.js';
import { type EventWhat, LegEvents } from './bridge-events.js';
import { Leg, type LegCommand } from './leg.js';
import { Script } from './script.js';
import type { PartyEventFields } from './party-event.js';
import { Visits } from './visits.js';

/** What a party needs of its call. */
export interface PartySurroundings {
  callId: string;
  clock: SimClock;
  sendEvent(event: BridgeEvent): Promise<void>;
  entered(): Promise<string[]>;
  onPartyEvent(leg: string, what: PartyEventFields, sensitive?: boolean): void;
  /** The party's leg has ended. */
  gone(): void;
}

/** A party; its script starts with {@link Party.play}. */
export class Party {
  readonly leg: Leg;
  readonly events: LegEvents;
  readonly #script: Script;
  readonly #visits: Visits;
  #highestSeq = 0;
  #acts = false;

  constructor(
    readonly name: string,
    steps: readonly CallerStep[],
    private readonly around: PartySurroundings,
  ) {
    const { callId, clock } = around;
    this.#visits = new Visits(() => around.entered());
    this.events = new LegEvents(
      callId,
      name,
      (event) => around.sendEvent(event),
      (event, reason) => around.onPartyEvent(name, { kind: 'eventLost', text: `${event.type}: ${String(reason)}` }),
    );
    this.leg = new Leg({
      clock,
      emit: (what, at) => this.#emit(what, at),
      onPartyEvent: (what, sensitive) => around.onPartyEvent(name, what, sensitive),
      gone: () => around.gone(),
      recorded: (recording) => this.recorded(recording),
    });
    this.#script = new Script(steps, this.leg, clock, this.#visits);
  }

  /** The party begins to act, if it has not yet. */
  play(): void {
    if (this.#acts) return;
    this.#acts = true;
    void this.#script.run();
  }

  /** Whether a command with this number comes too late: a later one was seen on the leg. Contract B3. */
  isSuperseded(seq: number): boolean {
    if (seq < this.#highestSeq) return true;
    this.#highestSeq = seq;
    return false;
  }

  /** Before time may jump over a prompt, the script must know all that the call has entered. */
  async lookAround(widget: string | null): Promise<void> {
    if (widget !== null && this.#script.looksAtVisits) await this.#visits.arrived(widget);
  }

  /** The call has entered these widgets, which it will say later. Contract B7. */
  entered(widgets: readonly string[]): void {
    this.#visits.add(widgets);
  }

  /** Carries out a command that concerns this party alone. */
  obey(command: LegCommand): CommandResult | Promise<CommandResult> {
    const obeyed = this.leg.obey(command);
    this.#script.arrived();
    return obeyed;
  }

  /** A command for another party has come: the call may have entered a widget that the script waits for. */
  arrived(): void {
    this.#script.arrived();
  }

  /** Sends the event with the URL of a recording. */
  recorded(name: string): void {
    const url = `simulator://recordings/${this.around.callId}/${name}.wav`;
    this.#emit({ type: 'recordingReady', name, url }, this.around.clock.at());
  }

  /** Time does not jump over an event that the call has not received. */
  #emit(what: EventWhat, at: string): void {
    this.events.emit(what, at);
    void this.around.clock.hold(this.events.sent());
  }
}
