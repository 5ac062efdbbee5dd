/**
 * Receiving flow ends. Contract E3, E5.
 * @module
 */
import { signingKey } from '../crypto/signing-key.js';
import type { FlowEndPayload } from '../engine/call-report.js';

/** A flow end that is who it says it is. */
export interface VerifiedFlowEnd {
  /** The same over retries and replays: what was seen before may be dropped. */
  id: string;
  payload: FlowEndPayload;
}

/**
 * Verifies the signature of a flow end (Standard Webhooks) and reads it. `body` is the body as it came, byte for byte;
 * `secret` is what the account's `signingSecret` names, one of them when it is a list: `whsec_` and base64, base64 alone, or
 * any other text, which is the key as it stands.
 * @throws {Error} when the signature is missing or wrong, or its time stamp is 5 minutes off
 *
 * @example
 * const { id, payload } = verifyFlowEnd(request.headers, body, process.env.FLOW_END_SECRET);
 */
export function verifyFlowEnd(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
  secret: string,
): VerifiedFlowEnd {
  const given = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value ?? '')]),
  );
  signingKey(secret).verify(body, given, { jsonParse: false });
  return { id: given['webhook-id'] ?? '', payload: JSON.parse(body) as FlowEndPayload };
}
