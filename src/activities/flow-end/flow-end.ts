/**
 * Composing and delivering the flow-end webhook. Contract E3, E5.
 * @module
 */
import { Context } from '@temporalio/activity';
import type { DeliveryAttempt, FlowEndDelivery } from '../../engine/flow-end-task.js';
import type { FlowEndFacts, FlowEndPayload } from '../../engine/call-report.js';
import { HooklineError } from '../../flow/errors.js';
import { callOfFlowEnd } from '../../engine/flow-end-target.js';
import { signingKey } from '../../crypto/signing-key.js';
import { flowEndPayload } from '../../engine/flow-end-payload.js';
import { count } from '../../observability/record-metric.js';
import { keepBeating } from '../heartbeat.js';
import type { AttemptLog } from '../endpoints/attempt-log.js';
import type { EndpointWatch } from '../endpoints/endpoint-watch.js';
import type { QuickEndpoints } from '../endpoints/quick-endpoints.js';
import type { SecretSource } from '../../http/secret-reader.js';
import { measureRecovery } from '../sending.js';
import { WebhookFailure } from '../../http/reasons.js';
import type { Header } from '../../http/built-request.js';
import { buildJsonPost } from '../../http/request.js';
import type { Sender } from '../../http/send.js';

/** Milliseconds within which a target must take a flow end. */
const ATTEMPT_MS = 10_000;

/** One attempt with what the log keeps of it. */
interface Tried {
  delivered: boolean;
  detail: string;
  status: number | null;
  answer: string | null;
  /** False when nothing left this machine. */
  sent: boolean;
  retryAfter?: number;
}

/** What a worker with a store knows of endpoints and keeps of attempts. */
export interface DeliveryStore {
  endpoints: EndpointWatch;
  attempts: AttemptLog;
}

/** The status by which an endpoint says that it is gone for good. RFC 9110; contract E5. */
const GONE = 410;

const PAUSED: DeliveryAttempt = {
  delivered: false,
  paused: true,
  detail: 'ENDPOINT_PAUSED: it has failed for long, and is tried by one delivery at a time until it is back',
};

/** Puts the facts of a call into the fixed format, with the offsets of the account's time zone. Contract E3. */
export async function composeFlowEnd(facts: FlowEndFacts): Promise<FlowEndPayload> {
  return flowEndPayload(facts);
}

/**
 * Makes the activity that sends a flow end once. Any 2xx is delivered, 410 ends the delivery; everything else is returned, too, never thrown. Contract E5.
 * @param deliveryStore default: none, as without a store; then no endpoint is paused
 * @param quick notes each attempt
 */
export function createDeliverFlowEnd(sender: Sender, deliveryStore?: DeliveryStore, quick?: QuickEndpoints) {
  return async function deliverFlowEnd(delivery: FlowEndDelivery): Promise<DeliveryAttempt> {
    const context = Context.current();
    measureRecovery(context);
    // The server's time, which may be skipped.
    const now = new Date(context.info.currentAttemptScheduledTimestampMs);
    const stopBeating = keepBeating(context, () => context.heartbeat());
    const noteEnd = quick?.begin(delivery);
    let delivered = false;
    try {
      const admission = (await deliveryStore?.endpoints.admit(delivery, now)) ?? { state: 'well' };
      if (admission.state === 'paused') return PAUSED;
      const [at, start] = [new Date(), performance.now()];
      const tried = await triedOf(
        () => attempt(delivery, sender, context.cancellationSignal),
        context.cancellationSignal,
      );
      const { detail, status, answer, retryAfter } = tried;
      delivered = tried.delivered;
      count(context.metricMeter, 'hookline_flow_end_attempts_total', { result: delivered ? 'delivered' : 'failed' });
      const durationMs = Math.round(performance.now() - start);
      deliveryStore?.attempts.add(delivery, { at, status, detail, durationMs, answer });
      const again = await deliveryStore?.endpoints.note(delivery, admission, tried, now);
      const waits = { ...(retryAfter !== undefined && { retryAfter }), ...(again !== undefined && { again }) };
      return { delivered, detail, ...waits, ...(status === GONE && { gone: true }) };
    } finally {
      noteEnd?.(delivered);
      stopBeating();
    }
  };
}

/** What an attempt gave; nothing but a cancellation is thrown. */
async function triedOf(attempt: () => Promise<Tried>, signal: AbortSignal): Promise<Tried> {
  try {
    return await attempt();
  } catch (error) {
    signal.throwIfAborted();
    const { statusCode = null, unsent = false } = error instanceof WebhookFailure ? error : { unsent: true };
    // A status is an answer, also when the connection breaks before the end of the body.
    if (isSuccess(statusCode)) return { ...answered(statusCode), answer: null };
    return { delivered: false, detail: described(error), status: statusCode, answer: null, sent: !unsent };
  }
}

/**
 * Any obstacle may be put right within the days of the delivery, a secret that is not there included: so
 * nothing here may end it. A message that is not ours could hold a value, and is left out.
 */
function described(error: unknown): string {
  if (error instanceof WebhookFailure) return `${error.reason}: ${error.message}`;
  if (error instanceof HooklineError) return `${error.code}: ${error.message}`;
  return `the request could not be made (${error instanceof Error ? error.name : typeof error})`;
}

async function attempt(delivery: FlowEndDelivery, sender: Sender, signal: AbortSignal): Promise<Tried> {
  const { webhook, webhookId, rules } = delivery;
  const json = JSON.stringify(delivery.payload);
  const headers = await signatureHeaders(delivery, json, sender.secrets);
  const ids = { idempotencyKey: webhookId, call: callOfFlowEnd(webhookId) };
  const post = { url: webhook.url, auth: webhook.auth, json, headers, ...ids };
  const built = await buildJsonPost(post, rules, sender.secrets);
  const { statusCode, body, retryAfter } = await sender.perform(built, rules, sender.clock.now() + ATTEMPT_MS, signal);
  return { ...answered(statusCode), answer: body.raw ?? null, ...(retryAfter !== undefined && { retryAfter }) };
}

function answered(status: number) {
  return { delivered: isSuccess(status), detail: `status ${status}`, status, sent: true };
}

function isSuccess(status: number | null): status is number {
  return status !== null && status >= 200 && status <= 299;
}

/**
 * The id is always sent; time stamp and signatures, one of each secret, when the account has a signing secret. Standard
 * Webhooks; contract E5.
 */
async function signatureHeaders(
  { webhook, webhookId, rules }: FlowEndDelivery,
  json: string,
  source: SecretSource,
): Promise<Header[]> {
  const id: Header = ['webhook-id', webhookId];
  const names = [webhook.signingSecret ?? []].flat().map(({ secret }) => secret);
  if (names.length === 0) return [id];
  const secrets = await Promise.all(names.map((name) => source.read(name, rules)));
  const now = new Date();
  const signatures = secrets.map((secret) => signingKey(secret).sign(webhookId, now, json));
  return [
    ...[id, ['webhook-timestamp', String(Math.floor(now.getTime() / 1000))] as const],
    ['webhook-signature', signatures.join(' ')],
  ];
}
