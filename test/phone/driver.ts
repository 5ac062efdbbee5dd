/**
 * Stands in for the engine: gives commands to a bridge node in the process of the test, and keeps the events.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { AsteriskBridge, type AsteriskBridgeOptions } from '../../src/telephony/asterisk/asterisk-bridge.js';
import type { CallStarter } from '../../src/telephony/asterisk/incoming-call.js';
import type { Outcome } from '../../src/telephony/asterisk/journal.js';
import type { BridgeCommand, CommandFields, CommandType, ListedType } from '../../src/telephony/commands.js';
import type { BridgeEvent } from '../../src/telephony/events.js';
import type { TelephoneRig } from './telephone-rig.js';

/** What is wanted of a bridge beside the usual. */
export type NodeOptions = Partial<AsteriskBridgeOptions> & { settings?: object; starter?: CallStarter };

/** A node that gets commands from the test, and brings it events. */
export interface CommandedNode {
  /** Events by workflow, each once. */
  readonly events: Map<string, BridgeEvent[]>;
  command(command: BridgeCommand): Promise<Outcome>;
  /** A call that is to be made, or that has arrived. */
  call(id?: string, workflowId?: string): DrivenCall;
  /** It is gone, and leaves everything as it is. */
  kill(): Promise<void>;
  /** The next process, with the journal of the one before. */
  startAgain(): Promise<void>;
}

/** Keeps an event that is not known yet. */
export function keepEvent(events: CommandedNode['events'], workflowId: string, event: BridgeEvent): void {
  const known = events.get(workflowId) ?? [];
  events.set(workflowId, known);
  if (!known.some(({ eventId }) => eventId === event.eventId)) known.push(event);
}

/** A node in the process of the test. */
export class Driver implements CommandedNode {
  /** Events by workflow. */
  readonly events = new Map<string, BridgeEvent[]>();
  #bridge!: AsteriskBridge;

  private constructor(
    private readonly rig: TelephoneRig,
    private readonly options: NodeOptions,
  ) {}

  static async start(rig: TelephoneRig, options: NodeOptions = {}): Promise<Driver> {
    const driver = new Driver(rig, options);
    await driver.startAgain();
    return driver;
  }

  /** The next process. */
  async startAgain(): Promise<void> {
    const { settings, ...more } = this.options;
    this.#bridge = new AsteriskBridge({
      ...this.rig.node(settings),
      sendEvent: async (workflowId, event) => {
        keepEvent(this.events, workflowId, event);
      },
      ...more,
    });
    await this.#bridge.start();
  }

  async kill(): Promise<void> {
    this.#bridge.close();
  }

  /** Whether it gives signs of life. */
  get alive(): boolean {
    return this.#bridge.alive;
  }

  call(id?: string, workflowId?: string): DrivenCall {
    return new DrivenCall(this, id, workflowId);
  }

  command(command: BridgeCommand): Promise<Outcome> {
    return this.#bridge.command(command);
  }
}

/** A call. */
export class DrivenCall {
  #commands = 0;

  constructor(
    private readonly driver: CommandedNode,
    readonly id: string = randomUUID(),
    private readonly workflowId = `call-${id}`,
  ) {}

  /** What happened on a leg, as `legEnded 16 remote`. */
  told(leg = '1'): string[] {
    return (this.driver.events.get(this.workflowId) ?? [])
      .filter((event) => event.leg === leg)
      .map((event) => (event.type === 'legEnded' ? `legEnded ${event.cause} ${event.by}` : event.type));
  }

  /** The events of the call. */
  get events(): BridgeEvent[] {
    return this.driver.events.get(this.workflowId) ?? [];
  }

  /** Gives a command. */
  give<T extends CommandType>(type: T, fields: CommandFields[T], leg = '1'): Promise<Outcome> {
    return this.driver.command(this.command(type, fields, leg));
  }

  /** A command with the next number. */
  command<T extends CommandType>(type: T, fields: CommandFields[T], leg = '1'): BridgeCommand {
    const n = ++this.#commands;
    const base = { commandId: `${this.workflowId}/${n}`, seq: n, leg, callId: this.id, widget: null, type };
    return { ...base, ...fields } as unknown as BridgeCommand;
  }

  /** Commands of leg `"1"` in one. Contract B7. */
  inOrder(...list: { [T in ListedType]: [type: T, fields: CommandFields[T]] }[ListedType][]): BridgeCommand {
    const sequence = this.command('sequence', { commands: [] });
    return { ...sequence, commands: list.map(([type, fields]) => this.command(type, fields)) } as BridgeCommand;
  }

  /** Dials a number. */
  dial(to: string, more: Partial<CommandFields['dial']> = {}, leg = '1'): Promise<Outcome> {
    return this.give('dial', { to, from: '0123', ringSeconds: 20, whileRinging: 'ring', ...more }, leg);
  }

  /** Ends a leg. */
  hangUp(leg = '1'): Promise<Outcome> {
    return this.give('hangUp', { cause: 16 }, leg);
  }
}
