/**
 * The request of a webhook widget, or of another widget that sends one. Contract H4, R3, W8.
 * @module
 */
import { type TimeoutFailure, patched } from '@temporalio/workflow';
import type { RequestOutcome, WebhookTask } from '../../engine/webhook-task.js';
import { literalAuthority } from '../../flow/values/literal-host.js';
import { pathsOf, rowsOf } from '../../flow/values/response-rows.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetContext } from '../widget-context.js';
import { type Answered, failedOutcome } from './outcome.js';
import { idempotencyKey, needs, perform, requests } from './perform.js';

type Webhook = WidgetOf<'webhook'>;

/** What is sent and how: a webhook widget, or the parts of one that another widget makes up. */
export type Asked = Pick<Webhook, 'request' | 'response' | 'retry'> &
  Pick<WebhookTask, 'settledBy'> & { wait: Pick<Webhook['wait'], 'enabled'> };

/** Sends the request with only the variables and secrets that it uses. `timeout` is in seconds, `kind` for summaries. */
export function request(widget: Asked, call: WidgetContext, timeout: number, kind = 'webhook'): Promise<Answered> {
  const { request, response, retry, settledBy } = widget;
  const paths = rowsOf(response)
    .flatMap(pathsOf)
    .map(({ path }) => path);
  const waited = widget.wait.enabled;
  const task = { idempotencyKey: idempotencyKey(call), request, response, retry, timeout, waited };
  return perform(call, {
    activity: requests.webhook,
    task: {
      ...task,
      ...(settledBy && { settledBy }),
      ...keeping(response, call),
      ...needs([request, paths, response.reuse?.key], call),
    },
    summary: `${kind} ${call.key}: ${request.method} ${host(widget)}`,
    ...{ timeout, waited, once: !retry.resend },
    whenCut: (failure) => (retry.resend ? undefined : maybeSent(failure, timeout)),
    lost: `No full answer was there within ${timeout} seconds.`,
  });
}

/** For whom an answer is kept or counted. Contract R10, R11. */
function keeping(response: Webhook['response'], { state }: WidgetContext): Pick<WebhookTask, 'keeping'> {
  if (!response.reuse && !('contract' in response)) return {};
  const { direction, from, to } = state.input.call;
  const contact = direction === 'inbound' ? from : to;
  return { keeping: { flow: state.flow.id, contact, countryCode: state.account.countryCode } };
}

/** The literal host of the URL, never a value of a variable: summaries are read by everybody. */
export function host(widget: Pick<Asked, 'request'>): string {
  return literalAuthority(widget.request.url) ?? 'a host from a variable';
}

/** The outcome of a request that is sent at most once, and whose worker took it and died or stayed silent. Contract H4. */
function maybeSent({ timeoutType }: TimeoutFailure, timeout: number): RequestOutcome | undefined {
  if (timeoutType === 'SCHEDULE_TO_START') return undefined;
  // With a heartbeat time-out longer than the wait, the end of the wait comes first.
  if (timeoutType !== 'HEARTBEAT' && !patched('a-request-that-was-taken-may-be-sent')) return undefined;
  const detail =
    'The engine was cut off while it waited for the answer. The request may have been sent, and is not sent again.';
  return failedOutcome('CONNECTION_FAILURE', detail, timeout, 1);
}
