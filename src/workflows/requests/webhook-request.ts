/**
 * One request of a webhook widget, or of another that sends like one, as an activity, and what its loss means. Contract H1, H3, H4, R3.
 * @module
 */
import { ActivityFailure, TimeoutFailure, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { TargetRules, WebhookOutcome, WebhookTask } from '../../engine/webhook-task.js';
import { variablesIn } from '../../flow/values/reference.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetContext } from '../widget-context.js';

type Webhook = WidgetOf<'webhook'>;

/** What is sent and how: a webhook widget, or as much of one as another widget makes up. */
export type Asked = Pick<Webhook, 'request' | 'response' | 'retry'> & { wait: Pick<Webhook['wait'], 'enabled'> };

/** Beyond the wait: time for the activity to tell of the time-out itself. */
const SLACK_MS = 5000;

const { webhook: send } = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  cancellationType: 'TRY_CANCEL',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '1 second' },
});

/** Sends the widget's request; whatever the target does is an outcome. `timeout` is in seconds, `kind` for summaries. */
export async function request(
  widget: Asked,
  call: WidgetContext,
  timeout: number,
  kind = 'webhook',
): Promise<WebhookOutcome> {
  const summary = `${kind} ${call.key}: ${widget.request.method} ${host(widget)}`;
  // A request that nobody waits for is made however long no worker was there.
  const bounded = widget.wait.enabled && { scheduleToCloseTimeout: timeout * 1000 + SLACK_MS };
  const heartbeatTimeout = call.state.heartbeatTimeout * 1000;
  const once = !widget.retry.resend && { retry: { maximumAttempts: 1 } };
  try {
    return await send.executeWithOptions({ summary, heartbeatTimeout, ...bounded, ...once }, [
      taskOf(widget, call, timeout),
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || !(error.cause instanceof TimeoutFailure)) throw error;
    return cutShort(error.cause, widget, timeout);
  }
}

/** A failure that the engine itself decides on, with nothing that came from the target. */
export function failedOutcome(
  reason: NonNullable<WebhookOutcome['reason']>,
  detail: string,
  duration: number,
  attempts: number,
): WebhookOutcome {
  return { line: 'failure', duration, truncated: false, reason, detail, rows: [], attempts };
}

/** An outcome in one line, for the timeline. */
export function described(outcome: WebhookOutcome): string {
  const answer = outcome.statusCode === undefined ? '' : `${outcome.statusCode} `;
  const why = outcome.reason === undefined ? '' : `, ${outcome.reason}: ${outcome.detail ?? ''}`;
  return `${answer}in ${outcome.duration} s${why}`;
}

/** The literal host of the URL, never a value of a variable: summaries are read by everybody. */
export function host(widget: Pick<Asked, 'request'>): string {
  return /^[a-z]+:\/\/([^/?#$]+)(?=[/?#]|$)/i.exec(widget.request.url)?.[1] ?? 'a host from a variable';
}

/** The outcome of a request whose worker died, or that no worker took in time. Contract H4, R3. */
function cutShort(failure: TimeoutFailure, widget: Asked, timeout: number): WebhookOutcome {
  if (!widget.retry.resend && failure.timeoutType === 'HEARTBEAT') {
    const detail =
      'The engine was cut off while it waited for the answer. The request may have been sent, and is not sent again.';
    return failedOutcome('CONNECTION_FAILURE', detail, timeout, 1);
  }
  return failedOutcome('TIMEOUT', `No full answer was there within ${timeout} seconds.`, timeout, 0);
}

/** The request with only the variables and secrets that it uses. Contract W8. */
function taskOf(widget: Asked, call: WidgetContext, timeout: number): WebhookTask {
  return {
    idempotencyKey: idempotencyKey(call),
    request: widget.request,
    response: widget.response,
    retry: widget.retry,
    timeout,
    waited: widget.wait.enabled,
    ...needs(widget.request, call),
  };
}

/** `<workflow id>/<widget>/<visit>`, the same over every attempt. Contract W8. */
export function idempotencyKey(call: WidgetContext): string {
  return `${workflowInfo().workflowId}/${call.key}/${call.visit}`;
}

/** The variables that the texts below a value use, and the account's rules with the secrets that they name. Contract V6, W3. */
export function needs(value: unknown, call: WidgetContext): { variables: Record<string, string>; rules: TargetRules } {
  const { account, lookup } = call.state;
  const texts = [...stringsIn(value)];
  const used = new Set(texts.flatMap(variablesIn));
  const variables = [...used].flatMap((name) => {
    const value = lookup(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const secrets = Object.entries(account.secrets).filter(([name]) => texts.includes(name));
  return {
    variables: Object.fromEntries(variables),
    rules: {
      accountId: account.id,
      httpEnabled: account.httpEnabled,
      targetAllowList: account.targetAllowList,
      secrets: Object.fromEntries(secrets),
    },
  };
}

function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) yield* stringsIn(one);
}
