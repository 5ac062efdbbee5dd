/**
 * What is left to be done for a call that was ended from outside: the answer of the call itself, also when it has closed, or
 * else made out of its start. Contract E2.
 * @module
 */
import { workflowInfo } from '@temporalio/workflow';
import type { UnfinishedCall, ReadStart, UnfinishedFlowEnd, UnfinishedRecord } from '../../engine/unfinished.js';
import { flowEndKeys } from '../../engine/flow-end-keys.js';
import { flowEndTarget } from '../../engine/flow-end-target.js';
import type { Flow } from '../../flow/documents/flow.js';
import { markedValues, shownAssignment } from '../../flow/values/sensitive.js';
import type { EndedCall } from '../../engine/reconciler.js';
import { recordBase } from '../telling/call-record.js';
import type { CallState } from '../call-state.js';
import { itemOf } from '../requests/declared-undo.js';
import type { CarriedInput } from '../carried-state.js';
import { calleeShown, Legs } from '../bridge/legs.js';
import { reopened } from '../continue-as-new.js';

/** The answer of the query. It must hold no more than the state: a closed call cannot act. */
export function unfinishedOf(state: CallState): UnfinishedCall {
  const { bridge, endedAt, input, keepsReport, legs } = state;
  const { legs: facts, ...rest } = state.flowEndFacts();
  return {
    bridge: input.bridge,
    callId: input.call.id,
    legs: legs.all.map((leg, index) => ({
      ...{ name: leg.name, live: leg.live && !bridge.gone },
      facts: facts[index] ?? leg.facts(state.uuid, new Date().toISOString()),
    })),
    flowEnd: flowEndOf(state, rest),
    record: keepsReport ? { ...recordBase(state), endedAt } : null,
    ...(bridge.underWay && { sequence: bridge.underWay }),
    ...undoOf(state),
  };
}

/** A request that was under way is cut with its call. Contract H10. */
function undoOf({ undos }: CallState): Pick<UnfinishedCall, 'undo'> {
  const [cancelled, timedOut] = (['cancelled', 'timedOut'] as const).map((outcome) =>
    undos.due(outcome, true).map(itemOf),
  );
  return cancelled?.length || timedOut?.length
    ? { undo: { cancelled: cancelled ?? [], timedOut: timedOut ?? [] } }
    : {};
}

function flowEndOf(state: CallState, facts: Omit<ReturnType<CallState['flowEndFacts']>, 'legs'>) {
  const { account, flow, flowEnd, keepsReport, searchAttributes: searchable } = state;
  const call = workflowInfo().workflowId;
  const target = flowEndTarget(flow, account, call);
  if (!target || flowEnd?.delivered) return null;
  const record = keepsReport ? { record: { call, attempts: flowEnd?.attempts ?? 0 } } : {};
  const common = { delivery: { ...target, ...record }, searchable };
  return flowEnd ? { ...common, payload: flowEnd.payload } : { ...common, facts };
}

/** What there is to do for a call that can no longer be queried. Its flow end is marked as partial. */
export function unfinishedOfStart(read: ReadStart, { call, closedAt }: EndedCall): UnfinishedCall {
  const { bridge, call: facts, dial } = read.input;
  const { carried } = read.input as Partial<CarriedInput>;
  const opened = carried ? reopened(read.input, carried) : read.opened;
  const uuid = carried?.state.uuid ?? facts.uuid;
  const { all } = carried ? Legs.resumed(read.input, carried.legs) : new Legs(read.input);
  const legs = all.map((leg) => ({ name: leg.name, live: leg.live, facts: leg.facts(uuid ?? '', closedAt) }));
  const base = { bridge, callId: facts.id, legs };
  if (!opened) return { ...base, flowEnd: null, record: null };
  const { account, flow, flowVersion = null, keepsReport, searchAttributes: searchable } = opened;
  const variables = (carried?.state.variables ?? markedValues(opened.variables, opened.sensitive)).map(shownAssignment);
  const target = flowEndTarget(flow, account, call);
  const keys = flowEndKeys(variables, carried?.state.rawPersists ?? false);
  const known = { uuid, timeZone: account.timeZone, keys, recordings: [], partial: true as const };
  const delivery = target && { ...target, ...(keepsReport && { record: { call, attempts: 0 } }) };
  const flowEnd: UnfinishedFlowEnd | null = delivery && { delivery, searchable, facts: known };
  const { direction, from, startedAt } = facts;
  const to = calleeShown(read.input);
  const record: UnfinishedRecord | null =
    keepsReport && uuid !== undefined
      ? {
          ...{ accountId: account.id, call, flowId: flow.id, flowVersion, uuid, direction, from, to, startedAt },
          ...{ outcome: 'cancelled', endedAt: null, placed: dial !== undefined },
          ...(declaresUndo(flow) && { undoUnknown: true }),
        }
      : null;
  return { ...base, flowEnd, record };
}

function declaresUndo({ widgets, subflows }: Flow): boolean {
  const all = [widgets, ...subflows.map((one) => one.widgets)].flatMap((one) => Object.values(one));
  return all.some((widget) => widget.type === 'webhook' && widget.undo !== undefined);
}
