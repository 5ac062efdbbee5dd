/**
 * The record of a call: its history as the document that `hookline call export` writes and `hookline replay` reads.
 * @module
 */
import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { FunctionTask } from '../engine/function-task.js';
import type { EmailTask } from '../engine/email-task.js';
import { asWritten } from '../engine/held-secret.js';
import type { OpenedCall } from '../engine/opened-call.js';
import type { RequestOutcome, WebhookTask } from '../engine/webhook-task.js';
import { callReport } from '../calls/read-call.js';
import type { CallReport } from '../engine/call-report.js';
import { HooklineError } from '../flow/errors.js';
import {
  type RecordedCall,
  type RecordedRequest,
  recordedCall,
  recordedRequest,
} from '../flow/documents/recorded-call.js';
import { FIRST_LEG, CALL_WORKFLOW, type CallInput } from '../telephony/start.js';
import { partyLog, type Logged, type LoggedRequest } from './party-log.js';
import { callerSteps } from './caller-steps.js';
import { dialledParties } from './dialled-parties.js';
import type { EndedAtOnce } from '../engine/end-task.js';
import { maskedHistory } from './masked-history.js';
import { singleCommands } from './single-commands.js';
import { type CallHistory, readHistory, TIMED_OUT } from './history.js';

/** Milliseconds for a worker to tell of a call whose history holds no report: one that was cancelled or terminated. */
const REPORTS_WITHIN_MS = 5000;

/**
 * The record of a call that has ended, by its workflow id. `masks`: `***` stands in place of what is sensitive, as whatever is
 * shown or kept must have it (V7); without, the call can be replayed as it was.
 * @throws {HooklineError} NO_RECORD when there is no such call, or it has not ended, or was refused
 */
export async function recordOf(client: Client, workflowId: string, masks: boolean): Promise<RecordedCall> {
  try {
    const handle = client.workflow.getHandle(workflowId);
    const { type, status } = await handle.describe();
    if (type !== CALL_WORKFLOW) throw noRecord(`${workflowId} is no call`);
    if (status.name === 'RUNNING') throw noRecord(`${workflowId} has not ended yet`);
    const found = await readHistory(client, workflowId);
    const read = { ...found, moments: singleCommands(found.moments) };
    if (!read.local.has('openCall')) throw noRecord(`${workflowId} was refused, or ended before it began`);
    const { history, masks: masked } = masks ? maskedHistory(read) : { history: read, masks: false };
    const opened = history.local.get('openCall') as OpenedCall;
    const report = await client.connection.withDeadline(Date.now() + REPORTS_WITHIN_MS, () => callReport(handle));
    return recordedCall.parse(documentOf(history, opened, report, masked));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw noRecord(`There is no call ${workflowId} on the Temporal server`);
    if (error instanceof WorkflowFailedError)
      throw noRecord(`${workflowId} left no report, and no worker answers for it`);
    throw error;
  }
}

function noRecord(why: string): HooklineError {
  return new HooklineError('NO_RECORD', `${why}.`);
}

function documentOf(history: CallHistory, opened: OpenedCall, report: CallReport, masked: boolean): object {
  const input = history.input as CallInput;
  const { flow, account, variables } = opened;
  const log = partyLog(history, report.path, flow);
  const { legs, unlike } = dialledParties(log);
  const placed = placedOn(log, input);
  const first = placed?.leg ?? FIRST_LEG;
  const requests = log.flatMap((one) => (one.kind === 'request' ? [recordedRequest.parse(requestOf(one))] : []));
  const doubts = doubtsOf(requests, unlike > 0, input.dial !== undefined && !placed, masked);
  return {
    hooklineCall: 1,
    call: report.call,
    id: input.call.id,
    uuid: input.call.uuid ?? uuidIn(history) ?? null,
    direction: input.call.direction,
    startedAt: input.call.startedAt,
    endedAt: new Date(history.endedAt).toISOString(),
    ...{ account: asWritten(account), flow, flowVersion: opened.flowVersion ?? null, variables },
    caller: {
      from: input.call.from,
      to: placed?.to ?? input.call.to,
      steps: callerSteps(log, report.path, first),
      legs,
    },
    requests,
    agents: history.moments.flatMap((moment) =>
      moment.kind === 'ended' && moment.activity.type === 'claimAgent' ? [moment.activity.result ?? null] : [],
    ),
    heard: heardOn(log, first),
    holdTune: log.some((one) => one.kind === 'command' && one.command.type === 'hold' && one.result?.result === 'done'),
    doubts,
    report: { ...report, flowEnd: report.flowEnd?.payload ?? null },
  };
}

function doubtsOf(
  requests: RecordedRequest[],
  unlike: boolean,
  unanswered: boolean,
  masked: boolean,
): RecordedCall['doubts'] {
  const secret = 'What is sensitive is not in the record: *** stands in its place. The path may depend on it.';
  const twice = 'A number was dialled more than once and did not behave alike: the first time counts.';
  return [
    ...(masked ? [{ code: 'sensitive' as const, message: secret }] : []),
    ...(unlike ? [{ code: 'dialledUnlike' as const, message: twice }] : []),
    ...(unanswered
      ? [{ code: 'unanswered' as const, message: 'Nobody answered the call, so the flow never ran.' }]
      : []),
    ...requests.filter(isCut).map(({ widget }) => {
      return { code: 'cutBody' as const, message: `Of the answer to "${widget}" only the first 64 KiB were kept.` };
    }),
  ];
}

/** The leg and the number on which the callee of a call that we placed answered. */
function placedOn(log: readonly Logged[], { dial }: CallInput): { leg: string; to: string } | undefined {
  if (!dial) return undefined;
  for (const one of log) {
    if (one.kind !== 'command' || one.command.type !== 'dial' || one.command.widget !== null) continue;
    if (one.result?.result === 'done') return { leg: one.command.leg, to: one.command.to };
  }
  return undefined;
}

/** The texts that were played to their end, whichever keys were pressed. */
function heardOn(log: readonly Logged[], leg: string): string[] {
  return log.flatMap((one) => {
    if (one.kind !== 'command' || one.command.type !== 'play' || one.command.leg !== leg) return [];
    if (one.result?.result !== 'done' || one.command.bargeIn) return [];
    return one.command.prompts.flatMap((prompt) => ('text' in prompt && prompt.text !== '' ? [prompt.text] : []));
  });
}

function requestOf({ activity, widget, visit }: LoggedRequest): object {
  const task = activity.input as WebhookTask | FunctionTask | EmailTask;
  const { timeout, waited, variables, sensitive } = task;
  const seconds = Math.max(0, Math.round((activity.endedAt ?? activity.at) - activity.at)) / 1000;
  const outcome = (activity.result as RequestOutcome | undefined) ?? cutShort(activity.error, timeout);
  const common = {
    widget,
    visit,
    waited,
    timeout,
    variables,
    ...(sensitive?.length && { sensitive }),
    seconds,
    outcome,
  };
  if ('request' in task)
    return { type: 'webhook', ...common, request: task.request, response: task.response, retry: task.retry };
  if ('email' in task) return { type: 'email', ...common, email: task.email, smtp: task.smtp };
  return { type: 'function', ...common, method: task.method, ...(task.remote && { remote: task.remote }) };
}

/** Whether values came from an answer that was kept in part. Contract R8. */
function isCut(one: RecordedRequest): boolean {
  return one.type === 'webhook' && one.response.type !== 'none' && one.outcome?.truncated === true;
}

/** Temporal ends an activity when its time is up: to the flow that is a time-out of the request. Contract R3. */
function cutShort(error: string | null, timeout: number): RequestOutcome | null {
  if (error !== TIMED_OUT) return null;
  const detail = `No full answer was there within ${timeout} seconds.`;
  return { line: 'failure', reason: 'TIMEOUT', detail, duration: timeout, truncated: false, rows: [], attempts: 0 };
}

/** The call's UUID where a step of it was told. */
function uuidIn({ local, moments }: CallHistory): string | undefined {
  const flowEnd = local.get('composeFlowEnd') as { 'phonon-uuid'?: string } | undefined;
  if (flowEnd?.['phonon-uuid'] !== undefined) return flowEnd['phonon-uuid'];
  const ended = moments.find((moment) => moment.kind === 'ended' && moment.activity.type === 'endCall');
  const end = local.get('endCall') ?? (ended?.kind === 'ended' ? ended.activity.result : undefined);
  const uuid = (end as EndedAtOnce | undefined)?.payload?.['phonon-uuid'];
  if (uuid !== undefined) return uuid;
  for (const moment of moments) {
    if (moment.kind !== 'began') continue;
    const { variables } = (moment.activity.input ?? {}) as { variables?: Record<string, string> };
    const uuid = variables?.['$call.uuid'] ?? variables?.['$flow.syskey.phonon_uuid'];
    if (uuid !== undefined) return uuid;
  }
  return undefined;
}
