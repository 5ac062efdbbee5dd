/**
 * The request that asks for an OAuth 2 token by client credentials. Contract W3; RFC 6749, 4.4.
 * @module
 */
import type { BuiltRequest } from '../built-request.js';
import { USER_AGENT } from '../user-agent.js';
import { basic } from './credentials.js';
import type { Grant } from './grant.js';

/** The request that asks for a token, as a part of the request that needs it. */
export function tokenRequest(grant: Grant, { idempotencyKey, trace, tls }: BuiltRequest): BuiltRequest {
  const { url, clientId, clientSecret, scope, audience, clientAuth, target, host } = grant;
  const text = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope !== undefined && { scope }),
    ...(audience !== undefined && { audience }),
    ...(clientAuth === 'body' && { client_id: clientId, client_secret: clientSecret }),
  }).toString();
  return {
    ...{ method: 'POST', url, text, body: Buffer.from(text, 'utf8'), target, host, idempotencyKey, trace },
    purpose: 'token',
    headers: [
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Accept', 'application/json'],
      ['User-Agent', USER_AGENT],
    ],
    ...(clientAuth === 'basic' && { credentials: basic(formEncoded(clientId), formEncoded(clientSecret)) }),
    ...(tls && { tls: { ...tls, besidePublic: true } }),
  };
}

/** As in a form: RFC 6749, 2.3.1, wants it before basic auth encodes. */
function formEncoded(text: string): string {
  return new URLSearchParams({ a: text }).toString().slice('a='.length);
}
