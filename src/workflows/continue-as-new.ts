/**
 * Long calls continue as new, so that no history grows too long: between two widgets, with nothing pending. Contract C3.
 * @module
 */
import { CancellationScope, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { OpenedCall } from '../engine/opened-call.js';
import { bytesOf } from '../engine/packed-report.js';
import type { CallInput } from '../telephony/start.js';
import type { CallState } from './call-state.js';
import type { CarriedCall, CarriedInput, FlowPosition } from './carried-state.js';
import type { EventInbox } from './bridge/inbox.js';

/** What a new run may be given, in bytes: the server takes 2 MiB. A call that carries more stays in its run. */
const MAX_CARRIED_BYTES = 1_500_000;

/** Thrown from between two widgets when the call is to continue as new. */
export class ContinueAsNewRequest extends Error {
  override readonly name = 'ContinueAsNewRequest';
  constructor(readonly position: FlowPosition) {
    super('The call continues as new.');
  }

  /** The same inside of a `subflow` widget. */
  within(widget: string): ContinueAsNewRequest {
    return new ContinueAsNewRequest([widget, ...this.position]);
  }
}

/** What an earlier run of this call left; undefined in its first run, whatever its start says. */
export function carriedOf(input: CallInput): CarriedCall | undefined {
  return workflowInfo().continuedFromExecutionRunId === undefined ? undefined : (input as CarriedInput).carried;
}

/** What the call runs with: the very documents that its first run was given or found. Contract C2. */
export function reopened({ account, flow }: CallInput, carried: CarriedCall): OpenedCall {
  const { flowVersion, heartbeatTimeout, keepsReport, limits, searchAttributes } = carried;
  const { clock, endsAtOnce, sequences, storedSubflows, watched, watchesGaps } = carried;
  return {
    ...({ account, flow } as Pick<OpenedCall, 'account' | 'flow'>),
    ...{ heartbeatTimeout, limits, searchAttributes, watchesGaps, watched, variables: {} },
    ...(flowVersion !== null && { flowVersion }),
    ...(keepsReport && { keepsReport }),
    ...(sequences && { sequences }),
    ...(clock && { clock }),
    ...(storedSubflows && { storedSubflows }),
    ...(endsAtOnce && { endsAtOnce }),
  };
}

/** Decides when a call continues as new, and does it. */
export class ContinueAsNewGate {
  #tooMuch = false;
  readonly #entered: number;

  constructor(
    private readonly state: CallState,
    private readonly inbox: EventInbox,
  ) {
    this.#entered = state.path.length;
  }

  /** Whether the history is long enough, and nothing pending that a new run would lose. Asked between two widgets. */
  get due(): boolean {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    const { afterwards, background, bridge, limits, path } = this.state;
    if (limits.renewAfterEvents === undefined || this.#tooMuch || afterwards) return false;
    // Each run takes the call further, however short it is meant to be.
    if (path.length === this.#entered) return false;
    if (historyLength < limits.renewAfterEvents && !continueAsNewSuggested) return false;
    if (CancellationScope.current().consideredCancelled) return false;
    if (background > 0 || bridge.pending > 0 || bridge.listed || !this.inbox.settled) return false;
    this.#tooMuch = bytesOf(this.#input(['?'])) > MAX_CARRIED_BYTES;
    return !this.#tooMuch;
  }

  /** Continues as new; what comes meanwhile makes the server ask for this decision again. */
  continue(position: FlowPosition): Promise<never> {
    return continueAsNew<(input: CallInput) => Promise<unknown>>(this.#input(position));
  }

  #input(place: FlowPosition): CarriedInput {
    const { account, bridge, clock, endsAtOnce, flow, flowVersion, heartbeatTimeout, input, keepsReport } = this.state;
    const { legs, limits, recordings, searchAttributes, sequences, storedSubflows, watched, watchesGaps } = this.state;
    return {
      ...input,
      ...{ account, flow, variables: {} },
      carried: {
        ...{ place, heartbeatTimeout, limits, searchAttributes, keepsReport, flowVersion, watchesGaps, watched },
        ...(sequences && { sequences }),
        ...(clock && { clock }),
        ...(storedSubflows.length > 0 && { storedSubflows: [...storedSubflows] }),
        ...(endsAtOnce && { endsAtOnce }),
        state: this.state.carried(),
        legs: legs.carried(),
        recordings: recordings.carried(),
        inbox: this.inbox.carried(),
        bridge: bridge.carried(),
      },
    };
  }
}
