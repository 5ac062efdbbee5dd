/**
 * Where the flow end of a call goes. Contract E1, E5.
 * @module
 */
import type { Account } from '../flow/documents/account.js';
import type { Flow } from '../flow/documents/flow.js';

type Webhook = NonNullable<Account['defaultWebhook']>;

const SUFFIX = '/flow-end';

/** The `webhook-id` of a call's flow end, by its workflow id; that of the workflow which delivers it after the call too. */
export function flowEndId(call: string): string {
  return `${call}${SUFFIX}`;
}

/** The workflow id of the call whose flow end has this `webhook-id`. */
export function callOfFlowEnd(webhookId: string): string {
  return webhookId.slice(0, -SUFFIX.length);
}

/** A call's flow end without its payload; null when the flow has none. */
export function flowEndTarget(flow: Flow, account: Account, call: string) {
  const webhook = flow.flowEndWebhook ? account.defaultWebhook : undefined;
  if (!webhook) return null;
  const secrets = Object.entries(account.secrets).filter(([name]) => secretsOf(webhook).has(name));
  return {
    webhookId: flowEndId(call),
    webhook,
    rules: {
      accountId: account.id,
      httpEnabled: account.httpEnabled,
      targetAllowList: account.targetAllowList,
      secrets: Object.fromEntries(secrets),
    },
  };
}

/** The names of the secrets that a target refers to: a delivery carries no others. Contract E5. */
function secretsOf({ auth, signingSecret }: Webhook): Set<string> {
  const values: unknown[] = [...Object.values(auth), ...[signingSecret ?? []].flat()];
  return new Set(values.flatMap((value) => (isReference(value) ? [value.secret] : [])));
}

function isReference(value: unknown): value is { secret: string } {
  return typeof value === 'object' && value !== null && 'secret' in value;
}
