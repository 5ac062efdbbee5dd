/**
 * One request as an activity: webhooks, internal functions, text messages and emails are made in this one way. Its loss is an
 * outcome. Contract H1, H3, H4, R3.
 * @module
 */
import {
  ActivityFailure,
  type ActivityOptions,
  TimeoutFailure,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { RequestOutcome, TargetRules } from '../../engine/webhook-task.js';
import { textsBelow, variablesIn } from '../../flow/values/reference.js';
import { PROMPT_RETRY } from '../prompt-retry.js';
import type { WidgetContext } from '../widget-context.js';
import { type Answered, failedOutcome } from './outcome.js';

/** Beyond the wait: time for the activity to report the time-out itself. */
const SLACK_MS = 5000;

/** The activities that make requests. */
export const requests = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  cancellationType: 'TRY_CANCEL',
  retry: PROMPT_RETRY,
});

/** The variables that a request uses, by full name, and the names of those that are sensitive, where there are any. Contract V6, V7. */
export interface Known {
  variables: Record<string, string>;
  sensitive?: string[];
}

/** A request on its way. */
export interface Performed<Task extends { sensitive?: readonly string[] }> {
  /** One of {@link requests}. */
  activity: { executeWithOptions(options: ActivityOptions, args: [task: Task]): Promise<RequestOutcome> };
  task: Task;
  /** What lists in Temporal's UI show: no number, no address, no value of a variable. Contract C6. */
  summary: string;
  /** Seconds within which it must be done. */
  timeout: number;
  /** Whether somebody waits; a request that nobody waits for is made however long no worker was there. Default true. */
  waited?: boolean;
  /** Not made again when its worker died. Default false. */
  once?: boolean;
  /** The outcome of a request whose worker died, or that no worker took in time; default: TIMEOUT with `lost` as its detail. */
  whenCut?: (failure: TimeoutFailure) => RequestOutcome | undefined;
  /** Why a request that no worker finished in time failed, in words. */
  lost: string;
}

/** Makes the request. Whatever the target does is an outcome, which says whether the request held a sensitive value. Contract V7. */
export async function perform<Task extends { sensitive?: readonly string[] }>(
  call: WidgetContext,
  { activity, task, summary, timeout, waited = true, once = false, whenCut, lost }: Performed<Task>,
): Promise<Answered> {
  const held = task.sensitive?.length ? ({ sensitive: true } as const) : {};
  const options = {
    summary,
    heartbeatTimeout: call.state.heartbeatTimeout * 1000,
    ...(waited && { scheduleToCloseTimeout: timeout * 1000 + SLACK_MS }),
    // Apart from the wait's end, so that the outcome says whether a worker had taken it.
    ...(once && { retry: { maximumAttempts: 1 }, ...(waited && { scheduleToStartTimeout: timeout * 1000 }) }),
  };
  try {
    return { ...(await activity.executeWithOptions(options, [task])), ...held };
  } catch (error) {
    if (!(error instanceof ActivityFailure) || !(error.cause instanceof TimeoutFailure)) throw error;
    return { ...(whenCut?.(error.cause) ?? failedOutcome('TIMEOUT', lost, timeout)), ...held };
  }
}

/** `<workflow id>/<widget>/<visit>`, the same over every attempt. Contract W8. */
export function idempotencyKey(call: WidgetContext): string {
  return `${workflowInfo().workflowId}/${call.key}/${call.visit}`;
}

/** The variables that the texts below a value use, and the account's rules with the secrets that they name. Contract V6, W3. */
export function needs(value: unknown, call: WidgetContext): Known & { rules: TargetRules } {
  const { account } = call.state;
  const texts = [...textsBelow(value)];
  const secrets = Object.entries(account.secrets).filter(([name]) => texts.includes(name));
  return {
    ...present(texts.flatMap(variablesIn), call),
    rules: {
      accountId: account.id,
      httpEnabled: account.httpEnabled,
      targetAllowList: account.targetAllowList,
      secrets: Object.fromEntries(secrets),
    },
  };
}

/** The values of those variables that are there, and which are sensitive. */
export function present(names: readonly string[], { state }: WidgetContext): Known {
  const values = [...new Set(names)].flatMap((name) => {
    const value = state.lookup(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const sensitive = values.map(([name]) => name).filter(state.isSensitive);
  return { variables: Object.fromEntries(values), ...(sensitive.length > 0 && { sensitive }) };
}
