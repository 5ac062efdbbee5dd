/**
 * What a widget can do: read and write variables, pause, speak to the bridge, call a webhook.
 * @module
 */
import { condition, sleep } from '@temporalio/workflow';
import { type Absent, fill, type Lookup } from '../flow/values/fill.js';
import type { TimelineEntry } from '../engine/call-report.js';
import { type IsSensitive, holdsSensitive } from '../flow/values/sensitive.js';
import type { Assignment } from '../flow/values/variables.js';
import type { Widget, WidgetOf } from '../flow/widgets/index.js';
import type { PromptField, SpokenFormField } from '../flow/widgets/prompt.js';
import type { Listed } from '../engine/listed.js';
import type { CommandFields, CommandType, Prompt } from '../telephony/commands.js';
import type { Done } from './bridge/command-failures.js';
import type { CallState } from './call-state.js';
import { interruptible } from './interruption.js';
import type { Leg } from './bridge/legs.js';
import type { FoundSubflow } from './found-subflow.js';
import { formsIn, Prompts } from './prompts.js';

/** The flows that a `subflow` widget runs. */
export interface Subflows {
  find(reference: WidgetOf<'subflow'>['flow']): FoundSubflow | undefined;
  /** Runs one to its end, prepared when it is entered; `branchEnded` when it ended the whole branch, as `hangUp` does. */
  run(flow: FoundSubflow, prepare: () => void): Promise<'lineEnded' | 'branchEnded' | { returns: string }>;
}

/** One execution of one widget. */
export class WidgetContext {
  /** The line by which a `return` ends its subflow; null for every other widget. Contract D2c. */
  returns: string | null = null;
  readonly #prompts: Prompts;

  constructor(
    readonly state: CallState,
    private readonly widget: Widget,
    /** The widget's key in the flow. */
    readonly key: string,
    /** 1 for the first execution of this widget in the call. */
    readonly visit: number,
    /** The flows that a `subflow` widget runs. */
    readonly subflows: Subflows,
    /** The commands that are given together with one of this widget, that one included; none where it is given alone. Contract B7. */
    private readonly listOf: (type: CommandType, fields: object, sensitive: boolean) => readonly Listed[] = () => [],
    /** Where the texts of the widget find their variables, and which of these are sensitive. */
    private readonly variables: { lookup: Lookup; isSensitive: IsSensitive } = state,
  ) {
    this.#prompts = new Prompts(variables, state);
  }

  /** Whether the widget is sensitive itself, or holds a sensitive value as the variables are now. Contract V7. */
  get sensitive(): boolean {
    return this.holdsSensitive(this.widget);
  }

  /** Whether a part of the widget is sensitive itself, or holds a sensitive value as the variables are now. Contract V7. */
  holdsSensitive(part: unknown): boolean {
    return holdsSensitive(part, this.variables.isSensitive);
  }

  /** A text field with the call's variables in it; `absent` is one of the policies of the filler. Contract V3, V4. */
  fill<T extends string | undefined>(template: string, absent: Absent<T>): string | Extract<T, undefined> {
    return fill(template, this.variables.lookup, absent);
  }

  /** Finds the words of spoken forms of the widget. @throws {DeclaredFailure} for a value that does not fit its form */
  async prepare(forms: readonly SpokenFormField[]): Promise<void> {
    await this.#prompts.prepare(forms);
  }

  /** What a command says of a prompt field. Contract D2d, V4. */
  prompts(field: PromptField | undefined): Prompt[] {
    return this.#prompts.filled(field);
  }

  /** Writes variables, all or none. @throws {VariableLimitError} over a limit of V6. */
  write(assignments: readonly Assignment[], persist = false): void {
    this.state.write(assignments, persist);
  }

  /** Gives the bridge a command and waits for its end; cut at once when the caller's leg goes. Contract B3, C1. */
  async command<T extends CommandType>(type: T, fields: CommandFields[T], leg?: Leg): Promise<Done> {
    if ('prompts' in fields) this.#noteHeard(fields.prompts);
    const { bridge, interruption } = this.state;
    // Its result is there, and nothing cuts the widget any more.
    if (bridge.listed) return bridge.command(type, fields, leg);
    const listed = await this.#inSequence(type, fields);
    return listed ?? interruptible(interruption, () => bridge.command(type, fields, leg, this.sensitive));
  }

  /** Gives a command together with those that follow it; null where none follows, or the bridge takes no sequences. Contract B7. */
  async #inSequence(type: CommandType, fields: object): Promise<Done | null> {
    const [first, ...following] = this.listOf(type, fields, this.sensitive);
    if (!first) return null;
    const done = await this.state.bridge.sequence([first, ...following], this.state.interruption);
    if (done === null) this.state.sequences = false;
    return done;
  }

  /**
   * Lets the caller hear a prompt while the call waits for something else, to its end, to a `stop`, or until the leg goes.
   * Contract H6.
   * @throws as {@link Bridge.command}; {@link DeclaredFailure} for a value that does not fit its spoken form
   */
  async speak(field: PromptField, isOver: () => boolean): Promise<void> {
    const forms = formsIn(field);
    if (forms.length > 0) await this.prepare(forms);
    // The wait may have ended while the words were found.
    if (isOver()) return;
    const prompts = this.prompts(field);
    this.#noteHeard(prompts);
    const { bridge, legs } = this.state;
    await bridge.command('play', { prompts, waiting: true }, legs.first, this.holdsSensitive(field));
  }

  /** Waits until `done`; cut at once when the caller's leg goes. Contract C1. */
  async until(done: () => boolean): Promise<void> {
    await interruptible(this.state.interruption, () => condition(done));
  }

  /** Pauses; cut at once when the leg goes. Contract C1. */
  async pause(ms: number, summary: string): Promise<void> {
    this.endHold();
    await interruptible(this.state.interruption, () => sleep(ms, { summary }));
  }

  /** Whether `done` comes true within the time that a caller bears silence; false also when the leg goes. Contract H2. */
  async soon(done: () => boolean): Promise<boolean> {
    const over = () => done() || !this.state.legs.first.live;
    return condition(over, this.state.limits.holdAfterMs, { summary: `${this.key}: hold after a moment` });
  }

  /** Ends the hold tune, when it plays, before a step that is no media command. Contract H2. */
  endHold(): void {
    this.#noteHoldEnd();
    this.state.bridge.endHold();
  }

  #noteHeard(prompts: readonly Prompt[]): void {
    this.#noteHoldEnd();
    const shown = this.#prompts.shown(prompts);
    if (shown.length > 0) this.note('heard', spoken(shown));
  }

  #noteHoldEnd(): void {
    if (this.state.bridge.holding) this.note('hold', 'the hold tune ends');
  }

  /** Notes a moment of the call for its timeline. */
  note(kind: TimelineEntry['kind'], text: string): void {
    this.state.timeline.add(kind, text);
  }
}

/** Prompts in one line, for the timeline. */
function spoken(prompts: Prompt[]): string {
  return prompts.map((prompt) => ('text' in prompt ? `"${prompt.text}"` : `file ${prompt.file}`)).join(', ');
}

/** The behaviour of one type of widget: gives the name of the line it leaves by, null to end the flow. */
export type WidgetRun<W> = (widget: W, call: WidgetContext) => Promise<string | null>;
