/**
 * What a session with a mail server came to, in R3's reasons. The server's own words are not told: they may hold addresses.
 * @module
 */
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { connectionFailure, WebhookFailure } from '../http/reasons.js';

/** What nodemailer says of a session that failed. */
interface SessionError extends Error {
  code: string;
  /** The system's code of a connection that failed. */
  originalCode?: string;
  /** SMTP's code and the whole reply, when the server gave one. */
  responseCode?: number | false;
  response?: string;
}

/** Codes that ask for credentials, or refuse them (RFC 4954). */
const AUTHENTICATION = new Set([530, 534, 535, 538]);

/**
 * A failed session as a failure of the widget. Contract R3.
 * @param target how details call the server.
 * @throws the error itself when it is a bug of ours.
 */
export function sessionFailure(error: unknown, target: string): WebhookFailure {
  if (!isSessionError(error)) return connectionFailure(error, target);
  const { code, originalCode, responseCode, response } = error;
  if (responseCode) return refusal(responseCode, codesOf(response ?? ''), code, target);
  switch (code) {
    case 'EAUTH':
      return new WebhookFailure('INVALID_REQUEST', 'The username or the password for the mail server is empty.');
    case 'EMESSAGE':
      return new WebhookFailure('CLIENT_ERROR', `${target} does not take a message of this size.`);
    case 'EPROTOCOL':
      return new WebhookFailure('INVALID_RESPONSE', `The answer of ${target} is not SMTP.`);
    default: {
      const cause = Object.assign(new Error(), { code: originalCode ?? CONNECTION_CODES[code] ?? '' });
      if (cause.code === '') throw error;
      return connectionFailure(cause, target);
    }
  }
}

/** A message that the server took for some of its recipients only; undefined when it took it for all. */
export function partialFailure({ accepted, rejected, rejectedErrors }: SMTPConnectionSendInfo) {
  if (rejected.length === 0) return undefined;
  const first = rejectedErrors?.[0] as SessionError | undefined;
  const codes = codesOf(first?.response ?? '');
  const all = accepted.length + rejected.length;
  const detail = `The email was sent, but ${rejected.length} of ${all} recipients were refused (${codes}).`;
  const statusCode = first?.responseCode || undefined;
  return new WebhookFailure(reasonOf(statusCode ?? 550), detail, statusCode === undefined ? {} : { statusCode });
}

/** Whether a session that failed may be made again: what is passing, and nothing that may have been sent. Contract H4. */
export function isPassing({ reason, statusCode }: WebhookFailure, handedOver: boolean): boolean {
  // A temporary refusal says that the message was not taken, at whatever step it comes.
  if (statusCode !== undefined) return statusCode >= 400 && statusCode <= 499;
  return reason === 'CONNECTION_FAILURE' && !handedOver;
}

/** nodemailer's codes for what the system has no code for, as the codes that {@link connectionFailure} knows. */
const CONNECTION_CODES: Readonly<Record<string, string>> = {
  ECONNECTION: 'UND_ERR_SOCKET',
  ESOCKET: 'UND_ERR_SOCKET',
  EDNS: 'ENOTFOUND',
  ETLS: 'ERR_TLS_HANDSHAKE',
  ETIMEDOUT: 'ETIMEDOUT',
};

function refusal(statusCode: number, codes: string, code: string, target: string): WebhookFailure {
  const failure = (reason: WebhookFailure['reason'], detail: string) =>
    new WebhookFailure(reason, detail, { statusCode });
  if (code === 'ETLS') {
    return failure('CONNECTION_FAILURE', `${target} offers no TLS (${codes}), without which nothing is sent.`);
  }
  if (AUTHENTICATION.has(statusCode) || (code === 'EAUTH' && statusCode >= 500)) {
    return failure('AUTHENTICATION_FAILURE', `${target} did not accept the credentials: it answered ${codes}.`);
  }
  if (statusCode < 400)
    return failure('INVALID_RESPONSE', `${target} answered ${codes} where SMTP has no such answer.`);
  const lasting = statusCode < 500 ? 'for now' : 'for good';
  return failure(reasonOf(statusCode), `${target} refused the email ${lasting}: it answered ${codes}.`);
}

/** A permanent refusal is the sender's to mend, a temporary one the server's. */
function reasonOf(statusCode: number): 'CLIENT_ERROR' | 'SERVER_ERROR' {
  return statusCode < 500 ? 'SERVER_ERROR' : 'CLIENT_ERROR';
}

/** The codes of a reply (`550 5.1.1`), without its words. */
function codesOf(response: string): string {
  return /^\d{3}(?:[ -][245]\.\d{1,3}\.\d{1,3}(?=\s|$))?/.exec(response)?.[0].replace('-', ' ') ?? 'no code';
}

function isSessionError(error: unknown): error is SessionError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && isNodemailers(error.code);
}

function isNodemailers(code: string): boolean {
  return code in CONNECTION_CODES || ['EAUTH', 'EMESSAGE', 'EPROTOCOL', 'EENVELOPE'].includes(code);
}
