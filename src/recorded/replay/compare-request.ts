/**
 * Is a request the one that was recorded? Contract T, W.
 * @module
 */
import { WebhookFailure } from '../../http/reasons.js';
import type { BuiltRequest } from '../../http/built-request.js';
import { buildRequest } from '../../http/request.js';
import type { WebhookTask } from '../../engine/webhook-task.js';
import type { RecordedWebhook } from '../../flow/documents/recorded-call.js';
import { fill, orEmpty } from '../../flow/values/fill.js';
import { MASK } from '../../flow/values/mask.js';
import { OF_ONE_CALL } from '../request-url.js';

/** What a request is beside the recorded one: not to be formed now, or not then, or with these parts changed. */
export type Compared = { fails: WebhookFailure } | { unsent: true } | { changed: string[] };

/** The parts of a request that may have changed. */
const PARTS = ['method', 'url', 'headers', 'body'] as const;

/** Compares a request with the recorded one, both formed as they are sent. Secrets are compared by name. */
export async function compareRequest(task: WebhookTask, recorded: RecordedWebhook): Promise<Compared> {
  const variables = withRecorded(task.variables, recorded.variables);
  const now = await built({ ...task, variables });
  if (now instanceof WebhookFailure) return { fails: now };
  const then = await built({ ...task, request: recorded.request, variables: recorded.variables });
  if (then instanceof WebhookFailure) return { unsent: true };
  const changed = PARTS.filter((part) => shown(now, part) !== shown(then, part));
  const proof = ({ request }: Pick<WebhookTask, 'request'>, values: Readonly<Record<string, string>>) =>
    JSON.stringify(request.auth, (_key, value: unknown) =>
      typeof value === 'string' ? fill(value, (name) => values[name], orEmpty) : value,
    );
  const sameProof = proof(task, variables) === proof(recorded, recorded.variables);
  return { changed: [...changed, ...(sameProof ? [] : ['auth'])] };
}

/**
 * Times and ids are of one call alone, and what is sensitive may be masked in the record: what was recorded stands in for what
 * the replay has. Contract V7.
 */
export function withRecorded(
  now: Readonly<Record<string, string>>,
  then: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = Object.entries(then).filter(
    ([name, value]) => (OF_ONE_CALL.test(name) || value === MASK) && Object.hasOwn(now, name),
  );
  return { ...now, ...Object.fromEntries(own) };
}

async function built(task: WebhookTask): Promise<BuiltRequest | WebhookFailure> {
  try {
    // The names of secrets are compared, for a replay reads none.
    const names = { read: (name: string) => Promise.resolve(name) };
    return await buildRequest({ ...task, request: { ...task.request, auth: { type: 'none' } } }, undefined, names);
  } catch (error) {
    if (error instanceof WebhookFailure) return error;
    throw error;
  }
}

function shown(request: BuiltRequest, part: (typeof PARTS)[number]): string {
  switch (part) {
    case 'method':
      return request.method;
    case 'url':
      return request.url.href;
    case 'headers':
      return JSON.stringify(request.headers);
    case 'body':
      return request.text;
  }
}
