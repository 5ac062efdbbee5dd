/**
 * The state of one call: its variables, its legs and its position in the flow.
 * @module
 */
import { uuid4, workflowInfo } from '@temporalio/workflow';
import { type CallClock, momentOf } from '../engine/call-clock.js';
import type { StoredSubflow } from '../engine/stored-subflow.js';
import type { CallLimits, OpenedCall } from '../engine/opened-call.js';
import type { CallReport, FlowEndFacts, FlowEndState, Outcome, PathEntry } from '../engine/call-report.js';
import type { Account } from '../flow/documents/account.js';
import type { Flow } from '../flow/documents/flow.js';
import type { CallErrorCode } from '../flow/errors.js';
import { Patterns } from '../flow/values/pattern.js';
import { accountValue, type CallFact, type Moment } from '../flow/values/reference.js';
import { RAW, flowEndKeys, rawPersistsAfter } from '../engine/flow-end-keys.js';
import { packPath, unpackPath } from '../engine/packed-report.js';
import { markedValues, shownAssignment } from '../flow/values/sensitive.js';
import { Variables, VariableLimitError, type Assignment } from '../flow/values/variables.js';
import { RESULT_VARIABLES } from '../flow/values/webhook-result.js';
import type { CallInput } from '../telephony/start.js';
import type { ClaimedAgent, CarriedState } from './carried-state.js';
import type { Bridge } from './bridge/bridge.js';
import { callFact } from './call-facts.js';
import type { Cause } from './interruption.js';
import type { Legs } from './bridge/legs.js';
import type { Recordings } from './bridge/recordings.js';
import { keptValues } from './telling/kept-values.js';
import { AskedAhead } from './requests/asked-ahead.js';
import { DeclaredUndos } from './requests/declared-undo.js';
import type { Timeline } from './telling/timeline.js';

const UUID = '$flow.syskey.phonon_uuid';
/** What the engine notes, all of it short. */
const FREE = new Set([UUID, ...RESULT_VARIABLES.filter((name) => name !== RAW)]);

/** One widget that was entered, with what traces report of it. */
export interface Step extends PathEntry {
  /** 1 for the first execution of this widget in the call. */
  visit: number;
  /** The `subflow` widget that it ran in. */
  within: Step | null;
  /** Milliseconds since 1970, by the server's clock. */
  start: number;
  end: number | null;
}

/** One call as the interpreter and the widgets see it. */
export class CallState {
  readonly flow: Flow;
  readonly account: Account;
  readonly limits: CallLimits;
  readonly searchAttributes: boolean;
  /** Whether there is a store for what the call leaves behind. */
  readonly keepsReport: boolean;
  /** The version of the flow, null when the call came with the document. */
  readonly flowVersion: number | null;
  /** Seconds without a heartbeat after which a request of the call counts as lost. */
  readonly heartbeatTimeout: number;
  /** Whether the silence of the bridge is measured in gaps between commands alone. */
  readonly watchesGaps: boolean;
  /** The bridge node and its epoch, when the node is watched as a whole. Contract B8. */
  readonly watched: string | undefined;
  /** What `$sys` needs; a flow without `$sys`, and a call of before 0.7, has none. Contract V1. */
  readonly clock: CallClock | undefined;
  /** The stored flows that `subflow` widgets run. Contract C2, D2c. */
  readonly storedSubflows: readonly StoredSubflow[];
  /** Whether the bridge takes sequences; false once it turned out not to. Contract B7. */
  sequences: boolean;
  /** Whether the call ends in one activity; else report and flow end are steps of their own. */
  readonly endsAtOnce: boolean;
  readonly variables: Variables;
  readonly path: PathEntry[] = [];
  /** The widgets of this run, for traces. */
  readonly steps: Step[] = [];
  readonly visits = new Map<string, number>();
  /** What the report keeps, as it is shown. */
  readonly persisted: Variables;
  readonly uuid: string;
  readonly startedAt: number;
  /** The key of the widget that runs, null between widgets. */
  position: string | null = null;
  /** Set once the Start branch is over: from then on nothing cuts a widget. */
  afterwards = false;
  /** When what the call waits for is surely there, in milliseconds; without end when nothing says so. */
  waitsUntil = Infinity;
  /** Set by the guard when the call lasts too long. */
  tooLong = false;
  /** Requests that are not waited for and still run. Contract H3. */
  background = 0;
  /** Requests whose answers may still be collected. Contract H9. */
  readonly askedAhead: AskedAhead;
  /** What would be taken back. Contract H10. */
  readonly undos: DeclaredUndos;
  /** Agents that the call holds. */
  readonly agents: ClaimedAgent[];
  /** Claims of agents made so far. */
  claimed: number;
  /** Seconds that the caller has waited in webhooks so far. */
  waitedSeconds: number;
  readonly patterns = new Patterns();
  outcome: Outcome = 'completed';
  endedAt: string | null = null;
  flowEnd: FlowEndState | null = null;
  #error: CallReport['error'] = null;
  #rawPersists: boolean;

  constructor(
    readonly input: CallInput,
    opened: OpenedCall,
    readonly legs: Legs,
    readonly recordings: Recordings,
    readonly bridge: Bridge,
    readonly timeline: Timeline,
    carried?: CarriedState,
  ) {
    this.uuid = carried?.uuid ?? input.call.uuid ?? uuid4();
    this.startedAt = carried?.startedAt ?? Date.now();
    this.variables = new Variables(FREE, carried?.variables);
    this.persisted = new Variables(new Set(), carried?.persisted);
    this.agents = [...(carried?.agents ?? [])];
    this.claimed = carried?.claimed ?? 0;
    this.waitedSeconds = carried?.waitedSeconds ?? 0;
    this.#rawPersists = carried?.rawPersists ?? false;
    if (carried) for (const entry of unpackPath(carried.path)) this.#walk({ ...entry });
    this.flow = opened.flow;
    this.account = opened.account;
    this.limits = opened.limits;
    this.searchAttributes = opened.searchAttributes;
    this.keepsReport = opened.keepsReport ?? false;
    this.flowVersion = opened.flowVersion ?? null;
    this.heartbeatTimeout = opened.heartbeatTimeout ?? 3;
    this.watchesGaps = opened.watchesGaps ?? false;
    this.watched = opened.watched;
    this.sequences = opened.sequences ?? false;
    this.clock = opened.clock;
    this.storedSubflows = opened.storedSubflows ?? [];
    this.undos = new DeclaredUndos(carried?.undos);
    this.askedAhead = new AskedAhead(this.flow, carried?.answers);
    this.endsAtOnce = opened.endsAtOnce ?? false;
    if (carried) return;
    this.variables.set(UUID, this.uuid);
    this.write(markedValues(opened.variables, opened.sensitive), false);
  }

  // What the bridge has done of a sequence counts before anything that came afterwards (B7).
  /** What cuts the widget that runs, null when nothing does. In this order, for a bridge that is gone also ends the leg. */
  readonly interruption = (): Cause | null => {
    if (this.afterwards || this.bridge.listed) return null;
    if (this.bridge.gone) return 'bridgeGone';
    if (this.tooLong) return 'callTooLong';
    const { end, handedOver } = this.legs.first;
    if (end === null) return null;
    if (end.by === 'remote') return 'remoteHangup';
    return handedOver ? null : 'legEnded';
  };

  /** A variable's value by its full name, of every namespace; undefined where it is absent. Contract V1. */
  readonly lookup = (name: string): string | undefined => {
    if (name.startsWith('$call.')) return callFact(this, name.slice('$call.'.length) as CallFact);
    if (name.startsWith('$account.')) return accountValue(this.account.values, name);
    if (name.startsWith('$sys.')) return this.clock && momentOf(this.clock, Date.now(), name.slice(5) as Moment);
    return this.variables.get(name);
  };

  /** Whether a variable or fact of the call, by its full name, holds a sensitive value. Contract V7. */
  readonly isSensitive = (name: string): boolean => this.variables.isSensitive(name) || this.legs.isSensitive(name);

  /** Notes that a widget is entered. */
  enter(step: Step): void {
    this.#walk(step);
    this.steps.push(step);
  }

  /** Continues a `subflow` widget that an earlier run of the call has entered. */
  reenter(step: Step): void {
    this.path[this.path.findLastIndex(({ widget }) => widget === step.widget)] = step;
    this.steps.push(step);
  }

  #walk(entry: PathEntry): void {
    this.visits.set(entry.widget, (this.visits.get(entry.widget) ?? 0) + 1);
    this.path.push(entry);
  }

  #walked(): PathEntry[] {
    return this.path.map(({ widget, type, line, lineNumber }) => ({ widget, type, line, lineNumber }));
  }

  /** The part of this that goes into the next run of the call. */
  carried(): CarriedState {
    const { agents, claimed, startedAt, uuid, waitedSeconds } = this;
    const [answers, undos] = [this.askedAhead.carried(), this.undos.carried()];
    return {
      ...{ agents, claimed, startedAt, uuid, waitedSeconds },
      variables: this.variables.carried(),
      persisted: this.persisted.carried(),
      rawPersists: this.#rawPersists,
      path: packPath(this.#walked()),
      ...(answers.length > 0 && { answers }),
      ...(undos.length > 0 && { undos }),
    };
  }

  /** Writes all or none, and keeps them for the report when the widget persists. Contract R9, V6. */
  write(assignments: readonly Assignment[], persist: boolean): void {
    this.variables.write(assignments);
    this.#rawPersists = rawPersistsAfter(assignments, persist, this.#rawPersists);
    if (!persist) return;
    try {
      this.persisted.write(assignments.map(shownAssignment));
    } catch (error) {
      if (!(error instanceof VariableLimitError)) throw error;
      this.timeline.add('note', `the report keeps no more: ${error.message}`);
    }
  }

  /** Notes why the call failed; only the first reason counts. */
  fail(code: CallErrorCode, message: string): void {
    const widget = this.path.at(-1)?.widget ?? null;
    this.#error ??= { code, message, widget };
    this.timeline.add('note', `${code}: ${message}`);
  }

  /** The call's report, so far or in the end. Contract D4. */
  report(): CallReport {
    const undo = this.undos.reported();
    return {
      call: workflowInfo().workflowId,
      outcome: this.outcome,
      path: this.#walked(),
      variables: Object.fromEntries(this.variables.shown().filter(([name]) => name !== UUID)),
      persisted: keptValues(this),
      flowEnd: this.flowEnd,
      error: this.#error,
      ...(undo && { undo }),
    };
  }

  /** Everything that the flow end reports. Contract E3, E4. */
  flowEndFacts(): FlowEndFacts {
    return {
      uuid: this.uuid,
      timeZone: this.account.timeZone,
      legs: this.legs.all.map((leg) => leg.facts(this.uuid, this.endedAt ?? new Date().toISOString())),
      keys: flowEndKeys(this.variables.shown(), this.#rawPersists),
      recordings: this.recordings.shown,
    };
  }
}
