/**
 * What went wrong, in R3's reasons and in words for the author of the flow. Contract R3.
 * @module
 */
import { errors } from 'undici';
import type { WebhookReason } from '../flow/errors.js';
import type { Mismatch } from '../flow/mapping/contract.js';
import { UnreadableHead } from './answers/framing.js';
import { ProxyFailure, UnreachedThroughProxy } from './connections/proxy.js';
import { RefusedTarget } from './target.js';

interface FailureFacts {
  /** HTTP status, when an answer had begun. */
  statusCode?: number;
  /** Whether nothing left this machine, so that the attempt does not count as a request. */
  unsent?: boolean;
  /** Where the answer breaks its contract. Contract R10. */
  mismatches?: readonly Mismatch[];
}

/** A request that ends on the failure line. Its message is `error_detail`: it names no value of a variable or secret. */
export class WebhookFailure extends Error {
  override readonly name = 'WebhookFailure';
  readonly statusCode: number | undefined;
  readonly unsent: boolean;
  readonly mismatches: readonly Mismatch[] | undefined;
  constructor(
    readonly reason: WebhookReason,
    readonly detail: string,
    facts: FailureFacts = {},
  ) {
    super(detail);
    this.statusCode = facts.statusCode;
    this.unsent = facts.unsent ?? false;
    this.mismatches = facts.mismatches;
  }
}

/** A request that cannot be formed or is not allowed; nothing was sent. Contract R3. */
export function invalidRequest(detail: string): WebhookFailure {
  return new WebhookFailure('INVALID_REQUEST', detail, { unsent: true });
}

const CONNECTION: Readonly<Record<string, (target: string) => string>> = {
  ENOTFOUND: (target) => `${target} has no address (DNS).`,
  EAI_AGAIN: (target) => `The address of ${lower(target)} could not be looked up (DNS did not answer).`,
  ECONNREFUSED: (target) => `${target} refused the connection.`,
  ECONNRESET: (target) => `${target} broke the connection off (reset).`,
  EPIPE: (target) => `${target} broke the connection off while the request was being sent.`,
  ETIMEDOUT: (target) => `${target} did not accept the connection in time.`,
  UND_ERR_CONNECT_TIMEOUT: (target) => `${target} did not accept the connection in time.`,
  EHOSTUNREACH: (target) => `${target} cannot be reached (no route).`,
  ENETUNREACH: (target) => `${target} cannot be reached (no route).`,
  UND_ERR_SOCKET: (target) => `${target} closed the connection before the answer was complete.`,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: (target) =>
    `${target} closed the connection before the answer was complete (its length is not the one it announced).`,
  CERT_HAS_EXPIRED: () => "The target's TLS certificate has expired.",
  CERT_NOT_YET_VALID: () => "The target's TLS certificate is not valid yet.",
  DEPTH_ZERO_SELF_SIGNED_CERT: () => "The target's TLS certificate is self-signed, which is not trusted.",
  SELF_SIGNED_CERT_IN_CHAIN: () => "The target's TLS certificate comes from an authority that is not trusted.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: () => "The target's TLS certificate comes from an authority that is not trusted.",
  UNABLE_TO_GET_ISSUER_CERT: () => "The target's TLS certificate comes from an authority that is not trusted.",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: () =>
    "The target's TLS certificate comes from an authority that is not trusted (its chain may be incomplete).",
  ERR_TLS_CERT_ALTNAME_INVALID: () => "The target's TLS certificate is for another host name.",
};

/**
 * An error of the connection as a failure. `target` is how the details call the target: its host when that stands in
 * the flow, else in words, for it may be the value of a variable.
 */
export function connectionFailure(error: unknown, target: string, statusCode?: number): WebhookFailure {
  if (error instanceof WebhookFailure) return error;
  if (error instanceof RefusedTarget) return invalidRequest(refusal(target));
  if (error instanceof ProxyFailure) {
    return new WebhookFailure('CONNECTION_FAILURE', `The proxy of this deployment ${error.detail}.`, { statusCode });
  }
  if (error instanceof UnreachedThroughProxy) {
    const detail = `${target} cannot be reached: the proxy of this deployment answered ${error.status}.`;
    return new WebhookFailure('CONNECTION_FAILURE', detail, { statusCode });
  }
  if (error instanceof UnreadableHead) {
    return new WebhookFailure('INVALID_RESPONSE', error.detail, { statusCode: error.statusCode });
  }
  const code = codeOf(error);
  const known = CONNECTION[isParserError(error) && /EOF/.test(error.message) ? 'UND_ERR_SOCKET' : code];
  if (known) return new WebhookFailure('CONNECTION_FAILURE', known(target), { statusCode });
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return invalidRequest('The request holds a header or address that HTTP does not allow.');
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new WebhookFailure('INVALID_RESPONSE', "The answer's headers are too large.", { statusCode });
  }
  // undici asserts what a status line may hold, so that hostile bytes may come out as an assertion.
  if (isParserError(error) || code === 'ERR_ASSERTION') {
    return new WebhookFailure('INVALID_RESPONSE', 'The answer is not HTTP.', { statusCode });
  }
  // Whatever a target or the network does has a code; an error without one is a bug of ours, and no outcome.
  if (code === '' && error instanceof Error) throw error;
  if (/^(ERR_SSL|ERR_TLS|CERT_|EPROTO)/.test(code)) {
    return new WebhookFailure('CONNECTION_FAILURE', `The TLS handshake with ${lower(target)} failed.`, { statusCode });
  }
  return new WebhookFailure('CONNECTION_FAILURE', `The connection to ${lower(target)} failed.`, { statusCode });
}

function refusal(target: string): string {
  return (
    `${target} has an address that is not public (loopback, private, link-local, shared, multicast or metadata). ` +
    "Such a target is refused unless the account's targetAllowList names it."
  );
}

/** The system's or undici's code of an error; of several attempts (one for each address) that of the first. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}

/** undici's error for bytes that are not HTTP; it has a code in its types only. */
function isParserError(error: unknown): error is Error {
  return error instanceof errors.HTTPParserError;
}

function lower(target: string): string {
  return target.charAt(0).toLowerCase() + target.slice(1);
}
