import {
  ActivityFailure,
  CancellationScope,
  TimeoutFailure,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { WebhookOutcome, WebhookTask } from '../../activities/webhook/task.js';
import { variablesIn } from '../../flow/reference.js';
import { VariableLimitError } from '../../flow/variables.js';
import { RESULT_VARIABLES, resultAssignments } from '../../flow/webhook-result.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { interruptible } from '../interruption.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

type Webhook = WidgetOf<'webhook'>;

/** Beyond the wait: time for the activity to tell of the time-out itself. */
const SLACK_MS = 5000;

const { webhook: send } = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  // With heartbeats every half second: a worker that died is noticed within 3 s.
  heartbeatTimeout: '3 seconds',
  cancellationType: 'TRY_CANCEL',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '1 second' },
});

/** Calls an external API; line 0 is `success`, line 1 `failure`. Contract W, R, H. */
export const webhook: WidgetRun<Webhook> = async (widget, call) => {
  if (!widget.wait.enabled) {
    sendInBackground(widget, call);
    return 'success';
  }
  call.write(RESULT_VARIABLES.map((name) => [name, null] as const));
  call.state.bridge.endHold();
  const request = () => waitForAnswer(widget, call);
  const outcome =
    widget.wait.onHangup === 'abort' ? await interruptible(call.state.interruption, request) : await request();
  const written = writeResult(outcome, widget, call);
  call.note('webhook', `${widget.request.method} ${host(widget)}: ${described(written)}`);
  return written.line;
};

/** The request runs on by itself: nothing cuts it, and it writes no variables. Contract H3. */
function sendInBackground(widget: Webhook, call: WidgetContext): void {
  const { state } = call;
  state.background += 1;
  CancellationScope.nonCancellable(() => request(widget, call))
    .then((outcome) => call.note('webhook', `${call.key}, not waited for: ${described(outcome)}`))
    .catch((error: unknown) => call.note('webhook', `${call.key}, not waited for: ${String(error)}`))
    .finally(() => {
      state.background -= 1;
    });
}

/** Waits for the answer, with the hold tune when it is slow. Contract H1, H2. */
async function waitForAnswer(widget: Webhook, call: WidgetContext): Promise<WebhookOutcome> {
  let settled = false;
  const answer = request(widget, call).finally(() => {
    settled = true;
  });
  answer.catch(() => undefined);
  const { legs, bridge, account } = call.state;
  if (widget.wait.holdMusic && legs.first.state === 'connected' && !(await call.soon(() => settled))) {
    bridge.startHold(account.holdTune);
    call.note('hold', 'the hold tune plays');
  }
  return answer;
}

async function request(widget: Webhook, call: WidgetContext): Promise<WebhookOutcome> {
  const task = taskOf(widget, call);
  const summary = `webhook ${call.key}: ${widget.request.method} ${host(widget)}`;
  const waited = widget.wait.enabled && { scheduleToCloseTimeout: task.timeout * 1000 + SLACK_MS };
  const once = !widget.retry.resend && { retry: { maximumAttempts: 1 } };
  try {
    return await send.executeWithOptions({ summary, ...waited, ...once }, [task]);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || !(error.cause instanceof TimeoutFailure)) throw error;
    return cutShort(error.cause, widget);
  }
}

/** The outcome of a request whose worker died, or that no worker took in time. Contract H4, R3. */
function cutShort(failure: TimeoutFailure, widget: Webhook): WebhookOutcome {
  const cut = !widget.retry.resend && failure.timeoutType === 'HEARTBEAT';
  const detail = cut
    ? 'The engine was cut off while it waited for the answer. The request may have been sent, and is not sent again.'
    : `No full answer was there within ${widget.wait.timeout} seconds.`;
  return {
    line: 'failure',
    duration: widget.wait.timeout,
    truncated: false,
    reason: cut ? 'CONNECTION_FAILURE' : 'TIMEOUT',
    detail,
    rows: [],
    attempts: 1,
  };
}

/** The request with only the variables and secrets that it uses. Contract V6, W8. */
function taskOf(widget: Webhook, call: WidgetContext): WebhookTask {
  const { account, lookup } = call.state;
  const texts = [...stringsIn(widget.request)];
  const used = new Set(texts.flatMap(variablesIn));
  const variables = [...used].flatMap((name) => {
    const value = lookup(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const secrets = Object.entries(account.secrets).filter(([name]) => texts.includes(name));
  return {
    idempotencyKey: `${workflowInfo().workflowId}/${call.key}/${call.visit}`,
    request: widget.request,
    response: widget.response,
    retry: widget.retry,
    timeout: widget.wait.timeout,
    variables: Object.fromEntries(variables),
    rules: {
      accountId: account.id,
      httpEnabled: account.httpEnabled,
      targetAllowList: account.targetAllowList,
      secrets: Object.fromEntries(secrets),
    },
  };
}

/** Writes what the webhook gave; values that do not fit turn it into a failure, and none of them is written. Contract V6, R6. */
function writeResult(outcome: WebhookOutcome, widget: Webhook, call: WidgetContext): WebhookOutcome {
  try {
    call.write([...resultAssignments(outcome), ...outcome.rows], widget.persist);
    return outcome;
  } catch (error) {
    if (!(error instanceof VariableLimitError)) throw error;
    const { raw: _dropped, ...kept } = outcome;
    const failed: WebhookOutcome = {
      ...kept,
      line: 'failure',
      reason: 'VARIABLE_LIMIT',
      detail: error.message,
      rows: [],
    };
    call.write(resultAssignments(failed), widget.persist);
    return failed;
  }
}

function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) yield* stringsIn(one);
}

/** The literal host of the URL, never a value of a variable: summaries are read by everybody. */
function host(widget: Webhook): string {
  return /^[a-z]+:\/\/([^/?#$]+)(?=[/?#]|$)/i.exec(widget.request.url)?.[1] ?? 'a host from a variable';
}

function described(outcome: WebhookOutcome): string {
  const answer = outcome.statusCode === undefined ? '' : `${outcome.statusCode} `;
  return `${answer}in ${outcome.duration} s${outcome.reason === undefined ? '' : `, ${outcome.reason}: ${outcome.detail ?? ''}`}`;
}
