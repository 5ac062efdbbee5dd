/**
 * A call that the kit makes on the bridge: numbered commands, and what came of them.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { BridgeCommand, CommandFields, CommandType, ListedCommand, ListedType, Prompt } from '../commands.js';
import type { Exchange, Outcome, SeenEvent } from './exchange.js';
import { claimResult, fieldsOf, NotChecked, supported } from './claims.js';
import type { FarEnd, Numbers } from './far-ends.js';
import type { Forgery, OpenCall } from './transport.js';

/** What a command says otherwise than by default: the leg `"1"`, and numbers of its own. */
export type Override = Partial<Pick<BridgeCommand, 'leg' | 'seq' | 'callId'>>;

/** A command on its way. */
export interface Given {
  command: BridgeCommand;
  outcome: Promise<Outcome>;
}

/** Forty words: no voice says them within six seconds. */
export const LONG_PROMPT: Prompt[] = [
  {
    text:
      'This is a test of the telephone system, and it goes on for a while, so that something can happen while it is ' +
      'being spoken; please stay on the line, and do not press any of your keys until it ends.',
  },
];

/** `collect` that waits `seconds` for a key, with what is said otherwise. */
export function collecting(seconds: number, more: Partial<CommandFields['collect']> = {}): CommandFields['collect'] {
  const digits = { min: 1, max: 10, terminator: '#', keepDigits: false };
  return { prompts: [], ...digits, firstDigitTimeout: seconds, interDigitTimeout: 3, ...more };
}

/** One call of the kit. */
export class TestCall {
  #given = 0;
  #seq = 0;
  /** Legs that were dialled, and which of them the kit knows to be gone. */
  readonly #legs = new Map<string, boolean>();

  constructor(
    /** The bridge's id of the call; for an outbound one the engine gives it. */
    readonly id: string,
    private readonly open: OpenCall,
    private readonly numbers: Numbers,
  ) {}

  /** What the bridge said. */
  get log(): Exchange {
    return this.open.log;
  }

  /** The legs that were answered. */
  readonly answered = new Set<string>();

  /** Gives a command with the next number. */
  give<T extends CommandType>(type: T, fields: CommandFields[T], override: Override = {}): Given {
    const command = this.#command(type, fields, override);
    return { command, outcome: this.again(command) };
  }

  /** Gives commands in a sequence, each with a number of its own. Contract B7. */
  giveInOrder(...list: { [T in ListedType]: [type: T, fields: CommandFields[T]] }[ListedType][]): Given {
    const commands: ListedCommand[] = [];
    const command = this.#command('sequence', { commands }, {});
    for (const [type, fields] of list) commands.push(this.#command(type, fields, {}) as ListedCommand);
    return { command, outcome: this.again(command) };
  }

  /** Whether a command can be given without a signature that counts. */
  get forgeable(): boolean {
    return this.open.giveForged !== undefined;
  }

  /** Gives a command with the next number, and no signature that counts; the status of the answer, null without one. */
  async forge<T extends CommandType>(type: T, fields: CommandFields[T], forgery: Forgery): Promise<number | null> {
    return (await this.open.giveForged?.(this.#command(type, fields, {}), forgery)) ?? null;
  }

  #command<T extends CommandType>(type: T, fields: CommandFields[T], override: Override): BridgeCommand {
    const commandId = `${this.open.workflowId}/${++this.#given}`;
    const base = { commandId, seq: ++this.#seq, leg: '1', callId: this.id, widget: null };
    const command = { ...base, type, ...fields, ...override } as unknown as BridgeCommand;
    this.#seq = Math.max(this.#seq, command.seq);
    return command;
  }

  /** Gives a command once more, the same in every field. */
  async again(command: BridgeCommand): Promise<Outcome> {
    if (command.type === 'dial' && command.callId === this.id && !this.#legs.has(command.leg))
      this.#legs.set(command.leg, false);
    const outcome = await this.open.give(command);
    const { result } = fieldsOf(outcome);
    if (command.type === 'dial' && result === 'done') this.answered.add(command.leg);
    const left = result === 'legGone' || (command.type === 'dial' && result !== 'done');
    if (left || (command.type === 'hangUp' && result === 'done')) this.#legs.set(command.leg, true);
    return outcome;
  }

  /** Gives a command and waits for its outcome. */
  async obey<T extends CommandType>(type: T, fields: CommandFields[T], override?: Override): Promise<Outcome> {
    return this.give(type, fields, override).outcome;
  }

  /** Dials a far end. */
  dial(to: FarEnd, ringSeconds = 20, leg = '1', more: Partial<CommandFields['dial']> = {}): Given {
    const heardBy = leg === '1' ? {} : { heardBy: '1' };
    const fields = { to: this.number(to), from: this.from, ringSeconds, whileRinging: 'ring' as const };
    return this.give('dial', { ...fields, ...heardBy, ...more }, { leg });
  }

  /** Dials a far end as the first leg, which must be answered. */
  async reach(to: FarEnd): Promise<void> {
    claimResult(await this.dial(to).outcome, 'done', `dial of the test number "${to}"`);
  }

  /** Dials a far end as the second leg, which must be answered, if the bridge has further legs. */
  async reachSecond(to: FarEnd): Promise<void> {
    const outcome = supported(await this.dial(to, 20, '2').outcome, 'dial of a second leg');
    claimResult(outcome, 'done', `dial of the test number "${to}" as leg "2"`);
  }

  /** The number that is shown to the parties. */
  get from(): string {
    return this.numbers.from;
  }

  /** The number of a far end. @throws {NotChecked} when there is none. */
  number(to: FarEnd): string {
    const number = this.numbers[to];
    if (number === undefined) throw new NotChecked(`no number "${to}" was given`);
    return number;
  }

  /** Waits for an event of a leg. */
  until(type: string, leg = '1', seconds = 10): Promise<SeenEvent | undefined> {
    return this.log.until(type, leg, seconds);
  }

  /** Lets seconds pass. */
  async wait(seconds: number): Promise<void> {
    await pause(seconds * 1000);
  }

  /** Hangs up every leg that may still be there, so that the test lines are free again. */
  async end(): Promise<void> {
    const left = [...this.#legs].filter(([, gone]) => !gone);
    await Promise.all(left.map(([leg]) => this.obey('hangUp', { cause: 16 }, { leg })));
  }

  /** No more is awaited of the call. */
  close(): Promise<void> {
    return this.open.close();
  }
}
