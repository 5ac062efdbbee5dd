/**
 * A request that is ready to be sent. Types only. Contract T, W2-W8, W10.
 * @module
 */
import type { SpanPlace } from '../observability/trace-ids.js';
import type { FilledBody } from './body.js';
import type { Credentials } from './proof/credentials.js';
import type { Login } from './proof/digest.js';
import type { Grant } from './proof/grant.js';
import type { TlsIdentity } from './proof/tls-identity.js';

/** A header's name and value, the value as text. */
export type Header = readonly [name: string, value: string];

/** A request that is ready to be sent, any number of times. */
export interface BuiltRequest {
  method: string;
  url: URL;
  /** What every attempt sends alike. */
  headers: readonly Header[];
  body: Buffer;
  /** The body before it was encoded. */
  text: string;
  /** The header that proves who sends it, where it is known before the attempt. */
  credentials?: Credentials;
  /** What a token is got by, or a challenge answered with, in each attempt. Contract W3. */
  grant?: Grant;
  login?: Login;
  /** A client certificate, and authorities of the target's own. Contract W3. */
  tls?: TlsIdentity;
  /** How many redirects are followed; default: none. Contract W10. */
  redirects?: number;
  /** Names of headers with secrets, in lower case, and a form without those of its fields: they go to the first origin alone. Contract W10. */
  secretHeaders?: readonly string[];
  bodyElsewhere?: FilledBody;
  idempotencyKey: string;
  /** How details call the target: by its host when that stands in the flow, not by the value of a variable. */
  target: string;
  /** What is sent, for traces. */
  purpose: 'webhook' | 'flow end' | 'token';
  /** Where the spans of its attempts stand. */
  trace: SpanPlace;
  /** The host as traces and metrics name it. */
  host: string;
}
