/**
 * What a widget can do: read and write variables, pause, speak to the bridge, call a webhook.
 * @module
 */
import { condition, patched, sleep } from '@temporalio/workflow';
import { type Absent, fill, type Lookup, orEmpty } from '../flow/values/fill.js';
import type { TimelineEntry } from '../engine/call-report.js';
import { tokenize } from '../flow/values/reference.js';
import { type IsSensitive, holdsSensitive, maskedLookup } from '../flow/values/sensitive.js';
import type { Assignment } from '../flow/values/variables.js';
import type { Widget, WidgetOf } from '../flow/widgets/index.js';
import type { Subflow } from '../flow/documents/flow.js';
import type { Listed } from '../engine/listed.js';
import type { CommandFields, CommandType, Prompt } from '../telephony/commands.js';
import { BridgeFailure, type Done } from './bridge/command-failures.js';
import type { CallState } from './call-state.js';
import { interruptible } from './interruption.js';
import type { Leg } from './bridge/legs.js';

/** What a variable must not bring into the name of a file; one that is all of the name may be a path, but leads nowhere up. */
const SEPARATOR = /[/\\\0]|^\.\.?$/;
const UPWARDS = /\0|(^|[/\\])\.\.([/\\]|$)/;
/** A path from the root of the bridge's machine. */
const FROM_ROOT = /^(?:[/\\]|[a-z]:|file:)/i;

/** A prompt as a flow writes it: one or several texts or files, with variables. */
type PromptField = WidgetOf<'play'>['prompt'];

/** One execution of one widget. */
export class WidgetContext {
  /** Prompts that hold a sensitive value, each as it is shown. */
  readonly #shown = new Map<Prompt, Prompt>();

  constructor(
    readonly state: CallState,
    private readonly widget: Widget,
    /** The widget's key in the flow. */
    readonly key: string,
    /** 1 for the first execution of this widget in the call. */
    readonly visit: number,
    /** Runs a subflow to its end; `branchEnded` when it ended the whole branch, as `hangUp` does. */
    readonly runSubflow: (flow: Subflow) => Promise<'lineEnded' | 'branchEnded'>,
    /** The commands that are given together with one of this widget, that one included; none where it is given alone. Contract B7. */
    private readonly listOf: (type: CommandType, fields: object, sensitive: boolean) => readonly Listed[] = () => [],
    /** Where the texts of the widget find their variables, and which of these are sensitive. */
    private readonly variables: { lookup: Lookup; isSensitive: IsSensitive } = state,
  ) {}

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

  /**
   * A prompt with its variables replaced.
   * @throws {BridgeFailure} when a variable would lead to another folder than the one that the author wrote
   */
  prompts(field: PromptField | undefined): Prompt[] {
    const list = field === undefined ? [] : Array.isArray(field) ? field : [field];
    return list.map((one) => {
      const prompt = 'text' in one ? { text: this.fill(one.text, orEmpty) } : { file: this.#file(one.file) };
      if (this.holdsSensitive(one)) this.#shown.set(prompt, this.#asShown(one));
      return prompt;
    });
  }

  #asShown(one: { text: string } | { file: string }): Prompt {
    const lookup = maskedLookup(this.variables.lookup, this.variables.isSensitive);
    return 'text' in one ? { text: fill(one.text, lookup, orEmpty) } : { file: fill(one.file, lookup, orEmpty) };
  }

  #file(template: string): string {
    const tokens = tokenize(template);
    const values = tokens.flatMap((token) => (token.kind === 'text' ? [] : [this.variables.lookup(token.name) ?? '']));
    const whole = tokens.length === 1;
    const leads = whole ? UPWARDS : SEPARATOR;
    const refused =
      (values.some((value) => leads.test(value)) && patched('no-path-in-a-prompt-by-variable')) ||
      (whole && values.some((value) => FROM_ROOT.test(value)) && patched('no-root-in-a-prompt-by-variable'));
    if (refused) throw new BridgeFailure('MEDIA_FAILED', 'A variable in the name of a prompt holds a path.');
    return this.fill(template, orEmpty);
  }

  /** Writes variables, all or none. @throws {VariableLimitError} over a limit of V6. */
  write(assignments: readonly Assignment[], persist = false): void {
    this.state.write(assignments, persist);
  }

  /** Gives the bridge a command and waits for its end; cut at once when the caller's leg goes. Contract B3, C1. */
  async command<T extends CommandType>(type: T, fields: CommandFields[T], leg?: Leg): Promise<Done> {
    if ('prompts' in fields) {
      this.#noteHoldEnd();
      const shown = fields.prompts.map((prompt) => this.#shown.get(prompt) ?? prompt);
      if (shown.length > 0) this.note('heard', spoken(shown));
    }
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

  /** Waits until `done`; cut at once when the caller's leg goes. Contract C1. */
  async until(done: () => boolean): Promise<void> {
    await interruptible(this.state.interruption, () => condition(done));
  }

  /** Whether the caller presses `key` from now on; never, where no key leaves a wait. Contract H6. */
  watchKey(key: string | undefined): () => boolean {
    const { first } = this.state.legs;
    const before = first.keys.length;
    return () => key !== undefined && first.keys.includes(key, before);
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
