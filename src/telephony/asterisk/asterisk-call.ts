/**
 * One call on Asterisk: its legs, its commands and its events. Contract B2, B3.
 * @module
 */
import type { BridgeCommand, CommandResult, CommandType } from '../commands.js';
import type { BridgeEvent } from '../events.js';
import { BridgeError } from '../bridge-error.js';
import { ChannelLeg, type EventWhat } from './legs/channel-leg.js';
import { carryOut, ENDING } from './commands/index.js';
import type { CallOfCommand, CommandOf, CommandRun, NodeServices } from './command-run.js';
import { inOrder, promptsIn } from './commands/in-order.js';
import type { Journal, Outcome, Progress } from './journal.js';
import { Outbox, type SendEvent } from './outbox.js';
import { WholeCall } from './legs/call-recording.js';

/** What a call needs of its node. */
export interface CallSurroundings {
  node: NodeServices;
  journal: Journal;
  sendEvent: SendEvent;
  /** The channel belongs to the leg from now on, or to nobody. */
  channelOf(leg: ChannelLeg, ours: boolean): void;
  /** A leg has ended. */
  legEnded: () => void;
  warn: (message: string, error: unknown) => void;
}

/** A call. */
export class AsteriskCall implements CallOfCommand {
  readonly legs = new Map<string, ChannelLeg>();
  readonly #outcomes = new Map<string, Promise<Outcome>>();
  readonly #seqs = new Map<string, number>();
  readonly #outbox: Outbox;
  #whole: WholeCall | null = null;
  /** Names of recordings whose place was reported. */
  readonly #ready = new Set<string>();

  constructor(
    readonly id: string,
    readonly workflowId: string,
    /** Where events go over HTTP, as the last command said. */
    public eventsUrl: string | undefined,
    private readonly around: CallSurroundings,
  ) {
    this.#outbox = new Outbox(id, around.journal, (event) => around.sendEvent(workflowId, event, this.eventsUrl));
  }

  /** Whether every leg has ended. */
  get over(): boolean {
    return [...this.legs.values()].every(({ gone }) => gone);
  }

  /** Events that the engine has not taken yet. */
  get eventsWaiting(): number {
    return this.#outbox.waiting;
  }

  /** Whether a command has come. */
  get commanded(): boolean {
    return this.#outcomes.size > 0;
  }

  /** A leg begins on a channel. */
  addLeg(name: string, channel: string): ChannelLeg {
    this.around.journal.write({ call: this.id, leg: name, channel });
    return this.adoptLeg(name, channel);
  }

  /** A leg that the journal has already. */
  adoptLeg(name: string, channel: string): ChannelLeg {
    const { journal, legEnded } = this.around;
    const leg: ChannelLeg = new ChannelLeg(name, channel, {
      emit: (what, at) => this.emit(leg, what, at),
      keysChanged: (keys) => journal.write({ call: this.id, leg: name, keys }),
      answered: () => journal.write({ call: this.id, leg: name, answered: true }),
      gone: () => {
        this.around.channelOf(leg, false);
        legEnded();
      },
    });
    this.legs.set(name, leg);
    this.around.channelOf(leg, true);
    return leg;
  }

  hiddenLeg(name: string): ChannelLeg {
    const leg: ChannelLeg = new ChannelLeg(name, name, {
      emit: () => Promise.resolve(),
      keysChanged: () => undefined,
      answered: () => undefined,
      gone: () => this.around.channelOf(leg, false),
    });
    this.around.channelOf(leg, true);
    return leg;
  }

  release(...legs: ChannelLeg[]): void {
    for (const leg of legs) this.around.channelOf(leg, false);
  }

  emit(leg: ChannelLeg, what: EventWhat, at = new Date().toISOString()): Promise<void> {
    const seq = (this.#seqs.get(leg.name) ?? 0) + 1;
    const event = {
      eventId: `${this.id}/${leg.name}/${seq}`,
      seq,
      at,
      leg: leg.name,
      ...what,
    };
    this.#seqs.set(leg.name, seq);
    this.#outbox.add(event);
    return this.#outbox.flushed();
  }

  async recordWhole(leg: ChannelLeg, name: string): Promise<void> {
    if (this.#whole) return;
    this.#whole = new WholeCall(this.around.node, this, leg, name);
    try {
      await this.#whole.begin();
    } catch (error) {
      this.around.warn('a call could not be recorded', error);
    }
    this.#follow(this.#whole);
  }

  /** A recording that a process before this one began is followed to its end. */
  adoptWhole(leg: ChannelLeg, name: string): void {
    if (this.#whole || this.#ready.has(name)) return;
    this.#whole = new WholeCall(this.around.node, this, leg, name);
    this.#follow(this.#whole);
  }

  #follow(whole: WholeCall): void {
    whole.follow().catch((error: unknown) => this.around.warn('the recording of a call could not be kept', error));
  }

  /** An event that a process before this one has noted; `sent`: it was taken. */
  adoptEvent(event: BridgeEvent, sent: boolean): void {
    if (event.type === 'recordingReady') this.#ready.add(event.name);
    this.#seqs.set(event.leg, event.seq);
    if (!sent) this.#outbox.queue(event);
  }

  /** An outcome that a process before this one has noted. */
  adoptOutcome(commandId: string, outcome: Outcome): void {
    this.#outcomes.set(commandId, Promise.resolve(outcome));
  }

  /** Carries a command out once; a repeat gets the first outcome. */
  command(command: BridgeCommand, token?: string): Promise<Outcome> {
    const known = this.#outcomes.get(command.commandId);
    if (known) return known;
    this.around.journal.write({ call: this.id, command, token });
    return this.#begin(command, undefined);
  }

  /** Takes up a command that a process before this one had begun. */
  resume(command: BridgeCommand, progress: Progress | undefined): Promise<Outcome> {
    return this.#begin(command, progress);
  }

  /** What a command works with. */
  run<T extends BridgeCommand['type']>(
    command: Extract<BridgeCommand, { type: T }>,
    leg: ChannelLeg,
    before: Progress | undefined,
  ): CommandRun<T> {
    let progress: Progress = before ?? {};
    const note = (more: Progress): void => {
      progress = { ...progress, ...more };
      this.around.journal.write({ call: this.id, commandId: command.commandId, progress });
    };
    return { node: this.around.node, call: this, leg, command, before, note };
  }

  /** The call is forgotten. */
  drop(): void {
    this.#outbox.drop();
  }

  #begin(command: BridgeCommand, before: Progress | undefined): Promise<Outcome> {
    const came = command.type === 'sequence' ? this.#inOrder(command) : this.#outcome(command, before);
    const outcome = came.then((what) => {
      this.around.journal.write({ call: this.id, commandId: command.commandId, outcome: what });
      return what;
    });
    this.#outcomes.set(command.commandId, outcome);
    return outcome;
  }

  /** Prompts are made while those before them are heard. Contract B7. */
  #inOrder({ commands }: CommandOf<'sequence'>): Promise<Outcome> {
    for (const prompt of promptsIn(commands)) this.around.node.prompts.file(prompt).catch(() => undefined);
    return inOrder(commands, (command) => this.command(command));
  }

  async #outcome(command: BridgeCommand, before: Progress | undefined): Promise<Outcome> {
    const leg = this.legs.get(command.leg);
    if (!leg) return failed('LEG_UNKNOWN', `The call has no leg "${command.leg}".`);
    if (leg.gone && !before) return { result: 'legGone' };
    if (command.seq < leg.seq) return { result: 'superseded' };
    leg.seq = command.seq;
    try {
      const carry = () => carryOut<CommandType>(this.run(command, leg, before));
      const working = this.#whole && command.sensitive ? this.#whole.leavingOut(carry) : carry();
      const gone = leg.ended.done.then((): CommandResult => ({ result: 'legGone' }));
      const result = await (ENDING.includes(command.type) ? working : Promise.race([working, gone]));
      // What happened before the result is known before it.
      await this.#outbox.flushed();
      return leg.gone && !(await endsWith(command, leg)) ? { result: 'legGone' } : result;
    } catch (error) {
      if (leg.gone && command.type !== 'dial') return { result: 'legGone' };
      if (error instanceof BridgeError) return failed(error.type, error.message);
      this.around.warn(`the command ${command.type} failed`, error);
      return failed('MEDIA_FAILED', 'The bridge could not carry the command out.');
    }
  }
}

/** Whether the end of the leg is what the command brought about. */
async function endsWith({ type }: BridgeCommand, leg: ChannelLeg): Promise<boolean> {
  return type === 'hangUp' || (type === 'transfer' && (await leg.over.done).by === 'us');
}

function failed(type: BridgeError['type'], message: string): Outcome {
  return { error: { type, message } };
}
