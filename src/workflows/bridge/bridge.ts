/**
 * Commands to the bridge: numbered, waited for, and given up when the bridge is gone.
 * Contract B3, B4, B5, B8, H2.
 * @module
 */
import { CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import type { Listed, SequenceUnderWay } from '../../engine/listed.js';
import type {
  BridgeCommand,
  CommandFields,
  CommandResult,
  CommandType,
  ListedCommand,
} from '../../telephony/commands.js';
import type { CallInput } from '../../telephony/start.js';
import { readResult } from '../../telephony/messages.js';
import { type Cause, Interrupted } from '../interruption.js';
import { asDone, BridgeFailure, type Done, failureOf, LegGone } from './command-failures.js';
import { BridgePresence } from './bridge-presence.js';
import { deliverCommand } from './bridge-transport.js';
import { HoldTune } from './hold-tune.js';
import { type Leg, type Legs } from './legs.js';
import { ListedResults } from './listed-results.js';
import { outcomesOf, summaryOf } from './sequence.js';
import { CAUSE } from '../../telephony/causes.js';

/** How long the event with the reason why a leg went is waited for, once a command has found the leg gone. */
const EVENT_GRACE_MS = 1000;

/** What the bridge of a call hands to its next run. */
export interface CarriedBridge {
  /** Commands given so far. */
  sent: number;
  lastHeardAt: number;
  /** When the hold tune began, null when it does not play. */
  holdSince: number | null;
}

/** The bridge as a call sees it. */
export class Bridge {
  /** Commands under way. */
  pending = 0;
  /** When the bridge last answered, in milliseconds. */
  lastHeardAt: number;
  /** The sequence that is out, with the list that it was made of; null when none is. Contract E2. */
  underWay: SequenceUnderWay | null = null;
  /** Whether the bridge is there, and how it is watched. Contract B8. */
  readonly presence = new BridgePresence(() => this.#endLegs());
  readonly #hold: HoldTune;
  readonly #listed = new ListedResults();
  #sent: number;

  constructor(
    private readonly input: CallInput,
    private readonly legs: Legs,
    private readonly position: () => string | null,
    carried: CarriedBridge = { sent: 0, lastHeardAt: Date.now(), holdSince: null },
  ) {
    this.lastHeardAt = carried.lastHeardAt;
    this.#hold = new HoldTune(carried.holdSince);
    this.#sent = carried.sent;
  }

  /** For the next run of the call. */
  carried(): CarriedBridge {
    return { sent: this.#sent, lastHeardAt: this.lastHeardAt, holdSince: this.#hold.since };
  }

  /** Whether two attempts of a command failed, or the watch gave the node up: nothing more is sent. Contract B5, B8. */
  get gone(): boolean {
    return this.presence.gone;
  }

  /** Whether the hold tune plays on the first leg. Contract H2. */
  get holding(): boolean {
    return this.#hold.plays;
  }

  /** Whether results of a sequence wait for their widgets, so that nothing cuts these. Contract B7. */
  get listed(): boolean {
    return this.#listed.any;
  }

  /** The time of the call, in milliseconds since 1970: by the results of a sequence while they are taken. Contract B7. */
  get now(): number {
    return this.#listed.now;
  }

  /**
   * Gives a command and waits until it is carried out; one that was given in a sequence has its result.
   * @param sensitive whether what it says, gathers or dials is. Contract V7.
   * @throws {LegGone} when the leg is not there, {@link BridgeFailure} when the bridge says why it cannot.
   */
  async command<T extends CommandType>(
    type: T,
    fields: CommandFields[T],
    leg: Leg = this.legs.first,
    sensitive = false,
  ): Promise<Done> {
    if (leg === this.legs.first && this.listed) return this.#take(type);
    if (!leg.live || this.gone) throw new LegGone(`"${type}" needs a leg, and it is gone.`);
    if (leg === this.legs.first) this.#hold.endsBy(type, leg);
    const command = this.#numbered(type, fields, this.position(), leg, sensitive);
    // A command is never cancelled: the bridge ends it when the leg goes (B3).
    const result = await CancellationScope.nonCancellable(() => this.#deliver(command, leg));
    if (result.result === 'legGone') await this.#legWent(leg);
    return asDone(result, type);
  }

  /**
   * Gives several commands in one, and waits for the result of the first; {@link command} takes those of the others. Null when
   * the bridge turns out to have no sequences. Contract B7.
   * @param pending what cuts the list, which then waits a moment for what the bridge has done of it
   * @throws as {@link command}; {Interrupted} when the list was cut before it was given
   */
  async sequence(list: readonly [Listed, ...Listed[]], pending: () => Cause | null): Promise<Done | null> {
    const before = pending();
    if (before) throw new Interrupted(before);
    const leg = this.legs.first;
    const [{ type, widget }] = list;
    this.#hold.endsBy(type, leg);
    const givenAt = Date.now();
    const commands: ListedCommand[] = [];
    const command = this.#numbered('sequence', { commands }, widget, leg, false);
    for (const { type, fields, widget, passed, sensitive } of list) {
      const one = this.#numbered(type, fields, widget, leg, sensitive) as ListedCommand;
      commands.push({ ...one, ...(passed.length > 0 && { passed: passed.map((entry) => entry.widget) }) });
    }
    this.underWay = { command, list };
    const outcomes = await outcomesOf({
      ...{ list, pending },
      work: CancellationScope.nonCancellable(() => this.#bring(command, summaryOf(list), leg)),
      hangUp: (cancelled) => this.hangUp(leg, cancelled ? CAUSE.unspecified : CAUSE.temporaryFailure),
    }).finally(() => (this.underWay = null));
    if (outcomes === null) return null;
    this.#listed.fill(list, outcomes, givenAt);
    if (!this.listed) throw new LegGone('The leg is gone, and the bridge did not say how far it had come.');
    return this.#take(type);
  }

  async #take(type: CommandType): Promise<Done> {
    const leg = this.legs.first;
    const outcome = this.#listed.take(type);
    this.#hold.endsBy(type, leg);
    if ('cut' in outcome) throw outcome.cut;
    if ('error' in outcome) throw new BridgeFailure(outcome.error.type, outcome.error.message);
    if (outcome.result === 'legGone') await this.#legWent(leg);
    return asDone(outcome, type);
  }

  #numbered<T extends CommandType>(
    type: T,
    fields: CommandFields[T],
    widget: string | null,
    leg: Leg,
    sensitive: boolean,
  ): BridgeCommand {
    this.#sent += 1;
    return {
      commandId: `${workflowInfo().workflowId}/${this.#sent}`,
      seq: this.#sent,
      leg: leg.name,
      callId: this.input.call.id,
      ...{ widget, type, ...fields },
      ...(sensitive && { sensitive: true }),
    } as unknown as BridgeCommand;
  }

  /** Starts the hold tune without waiting for it; a bridge that cannot leaves the caller in silence. */
  startHold(tune: string | undefined): void {
    this.#hold.begins();
    this.#sendAlong('hold', tune === undefined ? {} : { tune });
  }

  /** Ends the hold tune, when it plays, before a step that is no media command. Contract H2. */
  endHold(): void {
    if (!this.#hold.plays) return;
    this.#hold.ends(this.legs.first);
    this.#sendAlong('stop', {});
  }

  /** Ends what is being said to the caller, without waiting for it. Contract H7. */
  stop(): void {
    this.#sendAlong('stop', {});
  }

  /** Hangs up every leg that is there, and waits until that is done. */
  async release(cause: number): Promise<void> {
    await Promise.all(this.legs.all.map((leg) => this.hangUp(leg, cause)));
    this.#hold.ends(this.legs.first);
  }

  /** Hangs up one leg, when it is there, and waits until that is done. */
  async hangUp(leg: Leg, cause: number): Promise<void> {
    const given = leg === this.legs.first && this.listed;
    if (!given && (!leg.live || this.gone)) return;
    try {
      const { at } = await this.command('hangUp', { cause }, leg);
      leg.finish({ at: at ?? new Date().toISOString(), cause, by: 'us' });
    } catch (error) {
      if (!(error instanceof LegGone || error instanceof BridgeFailure)) throw error;
    }
    leg.finish({ at: new Date().toISOString(), cause, by: 'us' });
  }

  #sendAlong<T extends CommandType>(type: T, fields: CommandFields[T]): void {
    if (!this.legs.first.live || this.gone) return;
    this.command(type, fields).catch(() => undefined);
  }

  async #deliver(command: BridgeCommand, leg: Leg): Promise<CommandResult> {
    const summary = command.widget === null ? command.type : `${command.type} for ${command.widget}`;
    const delivered = await this.#bring(command, summary, leg);
    if (delivered === null) return { result: 'legGone' };
    const result = readResult(delivered.answer);
    if (result) return result;
    throw new BridgeFailure('MEDIA_FAILED', `The bridge gave no known result to "${command.type}".`);
  }

  /** What the bridge answers to a command; null when it is gone. */
  async #bring(command: BridgeCommand, summary: string, leg: Leg): Promise<{ answer: unknown } | null> {
    this.pending += 1;
    try {
      const { watched } = this.presence;
      const giving = deliverCommand(this.input.bridge, command, summary, () => leg.live, watched);
      const delivered = await (watched ? this.presence.unlessGone(giving) : giving);
      if (delivered === null) this.presence.end();
      return delivered;
    } catch (error) {
      throw failureOf(error);
    } finally {
      this.pending -= 1;
      this.lastHeardAt = Date.now();
    }
  }

  /** No leg outlives the bridge. */
  #endLegs(): void {
    for (const leg of this.legs.all) leg.finish({ at: new Date().toISOString(), cause: CAUSE.bridgeGone, by: 'us' });
  }

  /** A command found the leg gone: the event that says why is awaited for a moment. */
  async #legWent(leg: Leg): Promise<void> {
    const known = () => !leg.live;
    if (await condition(known, EVENT_GRACE_MS)) return;
    leg.finish({ at: new Date().toISOString(), cause: CAUSE.normal, by: 'remote' });
  }
}
