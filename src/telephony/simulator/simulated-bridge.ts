/**
 * The simulated bridge: calls whose other side plays a caller file. Contract B, D6. It knows nothing of Temporal.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { BridgeActivities, BridgeCommand, CommandResult } from '../commands.js';
import { caller, type Caller } from '../../flow/documents/caller.js';
import { SimulatedCall, type ArrivingCall, type SimulatorHooks } from './bridge-call.js';
import { FIRST_LEG } from '../start.js';
import { BridgeError } from '../bridge-error.js';
import { EndedCalls } from '../ended-calls.js';

export type { ArrivingCall, SimulatorHooks } from './bridge-call.js';
export type { Sleep } from './sim-clock.js';
export type { PartyEvent, PartyEventFields } from './party-event.js';

/**
 * A bridge without telephones.
 *
 * @example
 * const bridge = new SimulatedBridge('demo', { sendEvent, entered });
 * bridge.addCall({ callId: 'c1', workflowId, direction: 'inbound', caller: caller.parse({ steps: [{ press: '1' }] }) });
 * await bridge.bridgeCommand({ type: 'answer', callId: 'c1', leg: '1', seq: 1, commandId: `${workflowId}/1`, widget: 'a' });
 */
export class SimulatedBridge implements BridgeActivities {
  readonly #calls = new Map<string, { call: SimulatedCall; workflowId: string }>();
  readonly #ended = new EndedCalls((callId) => this.removeCall(callId));
  /** New with each simulator, whose calls are lost with it. Contract B8. */
  readonly epoch: string = randomUUID();

  /** `outbound`: how numbers behave that a `dial` of leg `"1"` rings, and whether their prompts take real time. */
  constructor(
    readonly id: string,
    private readonly hooks: SimulatorHooks,
    private outbound: Pick<Caller, 'legs' | 'realTime'> = { legs: {}, realTime: false },
  ) {}

  /** Changes how numbers behave in outbound calls that begin from now on. */
  behave(legs: Record<string, unknown>): void {
    this.outbound = { ...caller.parse({ legs }), realTime: this.outbound.realTime };
  }

  /**
   * A call arrives: its leg `"1"` rings and its script starts. To be called before the workflow starts; an event that
   * happens earlier than that is sent again for some seconds. A call that is there already is left alone.
   */
  addCall(call: ArrivingCall): void {
    if (this.#calls.has(call.callId)) return;
    this.#add(call).arrive();
  }

  /** Carries a command out; rejects with a {@link BridgeError}. Contract B3, B4, B8. */
  async bridgeCommand(command: BridgeCommand): Promise<CommandResult> {
    if (command.type === 'watch') return { result: 'done', epoch: this.epoch };
    const call = this.#calls.get(command.callId)?.call ?? this.#begin(command);
    if (!call) throw new BridgeError('LEG_UNKNOWN', 'The simulator has no such call.');
    return call.command(command);
  }

  /** The `dial` of leg `"1"` begins a call. Contract B3. */
  #begin({ type, leg, callId, commandId }: BridgeCommand): SimulatedCall | undefined {
    if (type !== 'dial' || leg !== FIRST_LEG) return undefined;
    const workflowId = commandId.slice(0, commandId.lastIndexOf('/'));
    const far = caller.parse({ ...this.outbound });
    return this.#add({ callId, workflowId, direction: 'outbound', caller: far });
  }

  /** Some minutes after its last leg has ended the call is forgotten: repeated commands get their first results until then. */
  #add(arriving: ArrivingCall): SimulatedCall {
    const { callId, workflowId } = arriving;
    const life = { ended: () => this.#ended.add(callId), dialsAgain: () => this.#ended.delete(callId) };
    const call = new SimulatedCall(arriving, this.hooks, life);
    this.#calls.set(callId, { call, workflowId });
    return call;
  }

  /** Forgets a call that is over: its script and timers end, and what still runs completes as `legGone`. */
  removeCall(callId: string): void {
    const known = this.#calls.get(callId);
    if (!known) return;
    this.#calls.delete(callId);
    this.#ended.delete(callId);
    known.call.drop();
    this.hooks.forgotten?.(known.workflowId);
  }

  /** Forgets every call. */
  removeAll(): void {
    for (const callId of [...this.#calls.keys()]) this.removeCall(callId);
  }
}
