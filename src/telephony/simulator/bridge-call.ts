/**
 * One simulated call: its parties, and the commands for them. Contract B3, D6.
 * @module
 */
import type { Caller } from '../../flow/documents/caller.js';
import { CAUSE } from '../causes.js';
import { FIRST_LEG } from '../start.js';
import type { BridgeCommand, CommandResult, ListedCommand, ListedResult } from '../commands.js';
import type { CallHooks } from '../temporal-hooks.js';
import { SimClock, type Sleep } from './sim-clock.js';
import { BridgeError } from '../bridge-error.js';
import { Party } from './party.js';
import { ANSWERS, UNSCRIPTED } from './ringing.js';
import type { PartyEvent, PartyEventFields } from './party-event.js';

/** What the simulator needs of the world. */
export interface SimulatorHooks extends CallHooks {
  /** Real sleeping on the clock of a call, `setTimeout` by default; on a time-skipping server the environment's sleep. */
  sleep?: ((...sleep: [...Parameters<Sleep>, workflowId: string]) => Promise<void>) | undefined;
  /** The time in milliseconds since 1970, `Date.now` by default: where time is skipped, that of the server. */
  now?: (() => number) | undefined;
  /** Called when a call is forgotten, some minutes after its end. */
  forgotten?: ((workflowId: string) => void) | undefined;
  /** Called with what happens on the side of the parties, for output and tests. */
  onPartyEvent?: ((entry: PartyEvent) => void) | undefined;
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

/** What the bridge of a call learns of its life. */
export interface CallLife {
  /** The last leg has ended; the call may still dial another number. */
  ended(): void;
  /** The call dials a leg, perhaps after its end. */
  dialsAgain(): void;
}

type CommandOf<T extends BridgeCommand['type']> = Extract<BridgeCommand, { type: T }>;

/** A call with its parties; the script of the first starts with {@link SimulatedCall.arrive}. */
export class SimulatedCall {
  readonly #clock: SimClock;
  readonly #parties = new Map<string, Party>();
  readonly #results = new Map<string, Promise<CommandResult>>();
  /** What ends with the conversation of two legs. */
  readonly #joined: { legs: [string, string]; end: () => void }[] = [];
  /** Names of recordings of the whole call. */
  readonly #whole = new Set<string>();
  /** The numbers of parties that the caller file does not script, by leg. */
  readonly #unscripted = new Map<string, CommandOf<'dial'>>();
  /** Commands begin in the order of their arrival, though some wait for a look at the call. */
  #arrivals: Promise<void> = Promise.resolve();

  constructor(
    private readonly arriving: ArrivingCall,
    private readonly hooks: SimulatorHooks,
    private readonly life: CallLife,
  ) {
    const { sleep, now } = hooks;
    const ofThisCall: Sleep | undefined = sleep && ((ms, signal) => sleep(ms, signal, arriving.workflowId));
    this.#clock = new SimClock({ sleep: ofThisCall, realTime: arriving.caller.realTime, ...(now && { now }) });
  }

  /** The first party rings us, or has been rung: its script starts. */
  arrive(): void {
    this.#add(FIRST_LEG, this.arriving.caller.steps).play();
  }

  /** Carries a command out once; a repeat gets the first result. Contract B3. */
  command(command: BridgeCommand): Promise<CommandResult> {
    const first = this.#results.get(command.commandId);
    if (first) return first;
    const result = command.type === 'sequence' ? this.#inOrder(command.commands) : this.#take(command);
    this.#results.set(command.commandId, result);
    return result;
  }

  /** Carries commands out one after the other, up to the first that is not done. Contract B7. */
  async #inOrder(commands: readonly ListedCommand[]): Promise<CommandResult> {
    const results: ListedResult[] = [];
    for (const [index, command] of commands.entries()) {
      // The call cannot say so: it is at the first of them until it has the results.
      const entered = [...(command.passed ?? []), command.widget].filter((widget) => widget !== null);
      if (index > 0) for (const party of this.#parties.values()) party.entered(entered);
      const result = await this.command(command).catch((error: unknown): ListedResult => {
        if (error instanceof BridgeError) return { error: { type: error.type, message: error.message } };
        throw error;
      });
      results.push('result' in result ? { at: this.#clock.at(), ...result } : result);
      if (!('result' in result) || result.result !== 'done') break;
    }
    return { result: 'done', at: this.#clock.at(), results };
  }

  /** Ends all scripts and timers; what still runs completes as `legGone`. */
  drop(): void {
    for (const { leg } of this.#parties.values()) leg.drop();
    this.#clock.close();
  }

  async #take(command: BridgeCommand): Promise<CommandResult> {
    const party = this.#partyFor(command);
    if (party.isSuperseded(command.seq)) return { result: 'superseded' };
    this.#arrivals = this.#arrivals.then(() => this.#lookAround(command));
    await this.#arrivals;
    try {
      const obeyed = this.#carryOut(command, party);
      // A party that was dialled acts once the call has turned to it: on a server that skips time, this comes first.
      if (command.type === 'join') this.#parties.get(command.with)?.play();
      else if (command.type !== 'dial') party.play();
      for (const other of this.#parties.values()) other.arrived();
      const result = await obeyed;
      if (result.result === 'done') this.#recordWhole(command, party);
      return result;
    } finally {
      // The call must know an event before the result that it explains.
      await Promise.all([...this.#parties.values()].map(({ events }) => events.sent()));
    }
  }

  #carryOut(command: BridgeCommand, party: Party): CommandResult | Promise<CommandResult> {
    switch (command.type) {
      case 'dial':
        return this.#dial(command, party);
      case 'join':
        return this.#join(command, party);
      case 'transfer':
        return this.#transfer(command, party);
      default:
        return party.obey(command);
    }
  }

  /** The party of a command's leg; `dial` makes one. */
  #partyFor(command: BridgeCommand): Party {
    const party = this.#parties.get(command.leg);
    if (party) return party;
    if (command.type !== 'dial') throw new BridgeError('LEG_UNKNOWN', `The call has no leg "${command.leg}".`);
    // A call whose callee was not reached may dial another number.
    this.#clock.open();
    this.life.dialsAgain();
    const { steps } = this.#behaviour(command.to, command.leg);
    if (steps === UNSCRIPTED.steps) this.#unscripted.set(command.leg, command);
    return this.#add(command.leg, steps);
  }

  async #dial(command: CommandOf<'dial'>, party: Party): Promise<CommandResult> {
    if (party.leg.gone) return { result: 'legGone' };
    const heardBy = command.heardBy === undefined ? undefined : this.#parties.get(command.heardBy);
    heardBy?.leg.playRinging(command.whileRinging);
    return party.leg.ring(this.#behaviour(command.to), command.ringSeconds, command.detectMachine === true);
  }

  /** The recording of a whole call ends with the leg. */
  #recordWhole(command: BridgeCommand, party: Party): void {
    if ((command.type !== 'answer' && command.type !== 'dial') || !command.record) return;
    const { name } = command.record;
    if (this.#whole.has(name)) return;
    this.#whole.add(name);
    this.#joined.push({ legs: [party.name, party.name], end: () => party.recorded(name) });
  }

  #join(command: CommandOf<'join'>, party: Party): CommandResult {
    const other = this.#parties.get(command.with);
    if (!other) throw new BridgeError('LEG_UNKNOWN', `The call has no leg "${command.with}".`);
    if (party.leg.gone) return { result: 'legGone' };
    if (other.leg.gone) throw new BridgeError('LEG_UNKNOWN', `The leg "${command.with}" is gone.`);
    party.leg.join(other.name);
    other.leg.join(party.name);
    for (const { name } of [party, other]) {
      const dialled = this.#unscripted.get(name);
      if (dialled) this.#onPartyEvent(name, { kind: 'unscripted', text: dialled.to }, dialled.sensitive);
    }
    const { record } = command;
    this.#joined.push({ legs: [party.name, other.name], end: () => record && party.recorded(record.name) });
    return { result: 'done', at: this.#clock.at() };
  }

  async #transfer(command: CommandOf<'transfer'>, party: Party): Promise<CommandResult> {
    if (party.leg.gone) return { result: 'legGone' };
    if ('with' in command) {
      const other = this.#parties.get(command.with);
      if (!other || other.leg.gone) throw new BridgeError('LEG_UNKNOWN', `The leg "${command.with}" is gone.`);
      return this.#handOver(party, other);
    }
    const reached = await party.leg.reach(this.#behaviour(command.to), command.ringSeconds);
    return reached.result === 'done' ? this.#handOver(party) : reached;
  }

  #handOver(...parties: Party[]): CommandResult {
    const at = this.#clock.at();
    for (const { name, leg } of parties) {
      this.#onPartyEvent(name, { kind: 'transferred', text: '' });
      leg.end(CAUSE.normal, 'us');
    }
    return { result: 'done', at };
  }

  #add(name: string, steps: Caller['steps']): Party {
    const { callId, workflowId } = this.arriving;
    const party = new Party(name, steps, {
      callId,
      clock: this.#clock,
      sendEvent: (event) => this.hooks.sendEvent(workflowId, event),
      entered: () => this.hooks.entered(workflowId),
      onPartyEvent: (leg, what, sensitive) => this.#onPartyEvent(leg, what, sensitive),
      gone: () => this.#gone(name),
    });
    this.#parties.set(name, party);
    return party;
  }

  #gone(name: string): void {
    for (const conversation of [...this.#joined]) {
      if (!conversation.legs.includes(name)) continue;
      this.#joined.splice(this.#joined.indexOf(conversation), 1);
      conversation.end();
    }
    if (![...this.#parties.values()].every(({ leg }) => leg.gone)) return;
    this.#clock.close();
    this.life.ended();
  }

  #behaviour(number: string, leg?: string) {
    return this.arriving.caller.legs[number] ?? (leg === FIRST_LEG ? ANSWERS : UNSCRIPTED);
  }

  /** Before time may jump over a prompt, the scripts must know all that the call has entered. */
  async #lookAround({ widget }: BridgeCommand): Promise<void> {
    await Promise.all([...this.#parties.values()].map((party) => party.lookAround(widget)));
  }

  #onPartyEvent(leg: string, what: PartyEventFields, sensitive = false): void {
    const { callId } = this.arriving;
    this.hooks.onPartyEvent?.({ at: this.#clock.at(), callId, leg, ...what, ...(sensitive && { sensitive }) });
  }
}
