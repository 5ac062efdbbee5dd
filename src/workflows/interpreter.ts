/**
 * Walks the widgets of a branch, line by line. Contract C1, C3, C4.
 * @module
 */
import { isCancellation, patched } from '@temporalio/workflow';
import type { Subflow } from '../flow/documents/flow.js';
import { DeclaredFailure } from '../flow/declared-failure.js';
import type { CallErrorCode } from '../flow/errors.js';
import { lineNames, lineTarget } from '../flow/lines.js';
import { masked } from '../flow/values/mask.js';
import { VariableLimitError } from '../flow/values/variables.js';
import type { Widget, WidgetOf } from '../flow/widgets/index.js';
import { BridgeFailure, LegGone } from './bridge/command-failures.js';
import type { CallState, Step } from './call-state.js';
import type { FlowPosition } from './carried-state.js';
import { Interrupted } from './interruption.js';
import { type FoundSubflow, foundSubflow } from './found-subflow.js';
import { ContinueAsNewRequest } from './continue-as-new.js';
import { WidgetContext } from './widget-context.js';
import { formsOf } from './prompts.js';
import { runWidget } from './widgets/index.js';
import { listFrom } from './look-ahead.js';

/** The line of every widget that can fail in a declared way. */
const FAILURE = 'failure';

/** The call ends as `failed`. Contract C3, C4. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  constructor(
    readonly code: CallErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Widgets that lead to each other: those of the flow, or of a flow that a `subflow` widget runs. */
interface Scope {
  widgets: Readonly<Record<string, Widget>>;
  /** What stands before the widgets' keys in path and idempotency keys: the keys of the `subflow` widgets around. */
  prefix: string;
  /** The `subflow` widget around. */
  within: Step | null;
  /** The subflows of the document that the widgets are of. */
  subflows: readonly Subflow[];
}

/** How a run of widgets came to its end: at a line that leads nowhere, at a widget that ends the whole branch, or at a `return`. */
type End = 'lineEnded' | 'branchEnded' | Returned;

/** A `return` ended a subflow, by this line of the widget that runs it. Contract D2c. */
interface Returned {
  returns: string;
}

/** How far a branch may go, and whether it may be left between two widgets for the call to continue as new. */
export interface BranchLimits {
  maxWidgets: number;
  /** Widgets that an earlier run has executed. */
  executed?: number;
  continueAsNewDue?: () => boolean;
}

/**
 * Runs a branch of the flow from a position, its first widget or where an earlier run of the call stopped, to its end.
 * @throws {Interrupted} when a widget is cut, {@link CallFailed} at the widget limit or for a fault that no line takes,
 * {@link ContinueAsNewRequest} when the call is to continue as new.
 */
export async function runBranch(state: CallState, start: FlowPosition, limits: BranchLimits): Promise<void> {
  const { maxWidgets, executed = 0, continueAsNewDue = () => false } = limits;
  let count = executed;
  const run = async (scope: Scope, [from, ...within]: FlowPosition): Promise<End> => {
    let inside = within;
    for (let next: string | null | undefined | Returned = from; ;) {
      // Also after the last widget: who left during it left before the flow reached its end.
      const cause = state.interruption();
      if (cause) throw new Interrupted(cause);
      if (!next) return next === null ? 'branchEnded' : 'lineEnded';
      if (typeof next === 'object') return next;
      if (continueAsNewDue()) throw new ContinueAsNewRequest([next]);
      if (inside.length === 0) count += 1;
      if (count > maxWidgets) throw new CallFailed('WIDGET_LIMIT', `The call ran more than ${maxWidgets} widgets.`);
      next = await step(state, scope, [next, ...inside], run, maxWidgets - count);
      inside = [];
    }
  };
  const { widgets, subflows } = state.flow;
  await run({ widgets, prefix: '', within: null, subflows }, start);
}

/**
 * Runs one widget and gives the key of the next: undefined where the line leads nowhere, null where the branch ends, the line of a
 * `return` where its subflow ends.
 * A position inside of it continues a `subflow` widget that an earlier run of the call has entered.
 */
async function step(
  state: CallState,
  { widgets, prefix, within, subflows }: Scope,
  [name, ...[inner, ...further]]: FlowPosition,
  run: (scope: Scope, from: FlowPosition) => Promise<End>,
  room: number,
): Promise<string | null | undefined | Returned> {
  const key = `${prefix}${name}`;
  const widget = widgets[name];
  if (!widget) throw new CallFailed('WIDGET_FAULT', `The flow has no widget "${key}".`);
  const resumed = inner !== undefined;
  const visit = (state.visits.get(key) ?? 0) + (resumed ? 0 : 1);
  const facts = { visit, within, start: state.bridge.now, end: null };
  const entry: Step = { widget: key, type: widget.type, line: null, lineNumber: null, ...facts };
  if (resumed) state.reenter(entry);
  else state.enter(entry);
  state.timeline.at(key, widget.type, state.path.length);
  state.position = key;
  const runSubflow = (flow: FoundSubflow, prepare: () => void) => {
    // In a later run of the call it was entered in an earlier one, and is prepared.
    if (!resumed) prepare();
    const scope = { widgets: flow.widgets, prefix: `${key}/`, within: entry, subflows: flow.subflows };
    return run(scope, resumed ? [inner, ...further] : [flow.start]);
  };
  try {
    const around = { widgets, prefix, outermost: within === null };
    const listOf = listFrom(state, around, widget, key, room);
    const find = (reference: WidgetOf<'subflow'>['flow']) => foundSubflow(reference, subflows, state.storedSubflows);
    const call = new WidgetContext(state, widget, key, visit, { find, run: runSubflow }, listOf);
    const line = await lineOf(state, widget, call);
    if (line === null) return call.returns === null ? null : { returns: call.returns };
    entry.line = line;
    entry.lineNumber = lineNumberOf(widget, line);
    state.timeline.add('line', `${key} -> ${line}`);
    return lineTarget(widget, line);
  } catch (error) {
    throw error instanceof ContinueAsNewRequest ? error.within(name) : error;
  } finally {
    entry.end = state.bridge.now;
    state.position = null;
  }
}

/** A line that a `return` names and the `subflow` widget does not lead anywhere stands after those that it does. Contract D2c. */
function lineNumberOf(widget: Widget, line: string): number {
  const names = lineNames(widget);
  const number = names.indexOf(line);
  return number < 0 ? names.length : number;
}

/** The line that a widget takes, declared failures and faults included; null when the widget ends the flow. */
async function lineOf(state: CallState, widget: Widget, call: WidgetContext): Promise<string | null> {
  try {
    const forms = formsOf(widget);
    if (forms.length > 0) await call.prepare(forms);
    return await runWidget(widget, call);
  } catch (error) {
    if (error instanceof Interrupted || error instanceof ContinueAsNewRequest || isCancellation(error)) throw error;
    const cause = state.interruption();
    if (error instanceof LegGone && cause) throw new Interrupted(cause);
    // Words of a bridge, or of a fault of ours, may repeat a value; a failure that the language declares never does.
    const hidden = call.sensitive && (error instanceof BridgeFailure || !(error instanceof DeclaredFailure));
    const message = masked(error instanceof Error ? error.message : String(error), hidden);
    const note = error instanceof DeclaredFailure ? masked(error.note, hidden) : message;
    state.timeline.add('note', `${call.key}: ${note}`);
    if (lineTarget(widget, FAILURE) !== undefined) return FAILURE;
    if (endsFlow(error, widget)) return lineNames(widget).includes(FAILURE) ? FAILURE : null;
    throw new CallFailed('WIDGET_FAULT', `Widget "${call.key}" (${widget.type}) failed: ${message}`);
  }
}

/** Whether an error that no line takes ends the flow, as a declared failure does, and not the call as failed. Contract C4. */
function endsFlow(error: unknown, { type }: Widget): boolean {
  if (!(error instanceof DeclaredFailure)) return false;
  if (!(error instanceof VariableLimitError) || type === 'storeVariable' || type === 'operation') return true;
  // Before 0.7 the other widgets ended the call as failed.
  return patched('a-variable-limit-ends-the-flow');
}
