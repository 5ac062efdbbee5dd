/**
 * OAuth 2 client credentials: what a token is asked for with. Contract W3; RFC 6749, 4.4.
 * @module
 */
import { createHash } from 'node:crypto';
import type { TargetRules, WebhookTask } from '../../engine/webhook-task.js';
import { literalHost } from '../../flow/values/literal-host.js';
import { targetOf } from '../../observability/metric-targets.js';
import { invalidRequest } from '../reasons.js';
import { checkUrl } from '../target.js';

type OAuth2 = Extract<WebhookTask['request']['auth'], { type: 'oauth2' }>;

/** The values of an auth. */
interface Known {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  scope: string | undefined;
  audience: string | undefined;
  clientAuth: OAuth2['clientAuth'];
}

/** What a token is asked for with. */
export interface Grant {
  /** Equal where one token serves: by URL, client, its secret, scope and audience. No secret can be read from it. */
  key: string;
  url: URL;
  clientId: string;
  clientSecret: string;
  scope: string | undefined;
  audience: string | undefined;
  clientAuth: OAuth2['clientAuth'];
  /** How details call the server: by its host when that stands in the flow. */
  target: string;
  /** The host as traces and metrics name it. */
  host: string;
}

/**
 * The grant of an auth whose values are known.
 * @param template the URL as its author wrote it
 * @throws {WebhookFailure} INVALID_REQUEST for a `tokenUrl` that no request may go to. Contract W2.
 */
export function grantFor(
  { tokenUrl, clientId, clientSecret, scope, audience, clientAuth }: Known,
  template: string,
  { httpEnabled }: Pick<TargetRules, 'httpEnabled'>,
): Grant {
  const url = checkUrl(tokenUrl, httpEnabled);
  if (typeof url === 'string') throw invalidRequest(`The token cannot be asked for. ${url}`);
  const parts = [url.href, clientId, clientSecret, scope ?? '', audience ?? '', clientAuth];
  return {
    key: createHash('sha256').update(JSON.stringify(parts)).digest('base64'),
    ...{ url, clientId, clientSecret, scope, audience, clientAuth },
    target: literalHost(template) === undefined ? 'The token server' : `The token server ${url.hostname}`,
    host: targetOf(template),
  };
}
