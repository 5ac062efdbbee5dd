/**
 * One simulated call: a leg, the party on it, and the commands for it. Contract B3, D6.
 * @module
 */
import type { Caller } from '../../flow/caller.js';
import type { BridgeCommand, CommandResult } from '../commands.js';
import type { BridgeEvent } from '../events.js';
import { SimClock, type Sleep } from './clock.js';
import { BridgeError } from './errors.js';
import { LegEvents } from './events.js';
import { Leg } from './leg.js';
import { Script } from './script.js';
import type { Heard, HeardWhat } from './timeline.js';
import { Visits } from './visits.js';

/** What the simulator needs of the world. */
export interface SimulatorHooks {
  /** Sends an event to the call's workflow; rejects when that may be tried again. */
  sendEvent(workflowId: string, event: BridgeEvent): Promise<void>;
  /** Keys of the widgets that the call has entered so far, in order, repeated for each visit. */
  entered(workflowId: string): Promise<string[]>;
  /** Real sleeping, `setTimeout` by default; on a time-skipping server the environment's sleep. */
  sleep?: Sleep | undefined;
  /** Told what happens on the caller's side, for a printed timeline. */
  heard?: ((entry: Heard) => void) | undefined;
}

/** A call that arrives. */
export interface ArrivingCall {
  /** The bridge's own id of the call. */
  callId: string;
  workflowId: string;
  /** Who rings whom. Either way leg `"1"` rings until `answer`, which the other side of an outbound call obeys at once. */
  direction: 'inbound' | 'outbound';
  caller: Caller;
}

/** The leg that a call begins with. Contract B2. */
const FIRST_LEG = '1';

/** A call with its caller; the script starts at once. */
export class SimulatedCall {
  readonly #clock: SimClock;
  readonly #events: LegEvents;
  readonly #leg: Leg;
  readonly #visits: Visits;
  readonly #script: Script;
  readonly #results = new Map<string, Promise<CommandResult>>();
  #highestSeq = 0;
  /** Commands begin in the order of their arrival, though some wait for a look at the call. */
  #arrivals: Promise<void> = Promise.resolve();

  constructor(
    private readonly arriving: ArrivingCall,
    private readonly hooks: SimulatorHooks,
  ) {
    const { callId, workflowId, caller } = arriving;
    this.#clock = new SimClock({ sleep: hooks.sleep, realTime: caller.realTime });
    this.#visits = new Visits(() => hooks.entered(workflowId));
    this.#events = new LegEvents(
      callId,
      FIRST_LEG,
      (event) => hooks.sendEvent(workflowId, event),
      (event, reason) => this.#heard({ kind: 'eventLost', text: `${event.type}: ${String(reason)}` }),
    );
    this.#leg = new Leg({
      clock: this.#clock,
      emit: (what, at) => this.#events.emit(what, at),
      heard: (what) => this.#heard(what),
      gone: () => this.#clock.close(),
    });
    this.#script = new Script(caller.steps, this.#leg, this.#clock, this.#visits);
    void this.#script.run();
  }

  /** Carries a command out once, however often it comes. Contract B3. */
  command(command: BridgeCommand): Promise<CommandResult> {
    const first = this.#results.get(command.commandId);
    if (first) return first;
    const result = this.#take(command);
    this.#results.set(command.commandId, result);
    return result;
  }

  /** Ends the script and all timers; what still runs completes as `legGone`. */
  drop(): void {
    this.#leg.drop();
    this.#clock.close();
  }

  async #take(command: BridgeCommand): Promise<CommandResult> {
    if (command.leg !== FIRST_LEG) throw new BridgeError('LEG_UNKNOWN', `The call has no leg "${command.leg}".`);
    if (command.seq < this.#highestSeq) return { result: 'superseded' };
    this.#highestSeq = command.seq;
    this.#arrivals = this.#arrivals.then(() => this.#lookAround(command));
    await this.#arrivals;
    const obeyed = this.#leg.obey(command);
    this.#script.arrived();
    const result = await obeyed;
    // The call must know an event before the result that it explains.
    await this.#events.sent();
    return result;
  }

  /** Before time may jump over a prompt, the script must know all that the call has entered. */
  async #lookAround({ widget }: BridgeCommand): Promise<void> {
    if (widget !== null && this.#script.looksAtVisits) await this.#visits.arrived(widget);
  }

  #heard(what: HeardWhat): void {
    this.hooks.heard?.({ at: this.#clock.at(), callId: this.arriving.callId, leg: FIRST_LEG, ...what });
  }
}
