/**
 * Errors of the API as RFC 9457 problem documents, each with its code of the one catalogue.
 * @module
 */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import {
  type ApiErrorCode,
  type CallErrorCode,
  type DocumentErrorCode,
  HooklineError,
  type Problem,
  type SystemErrorCode,
} from '../flow/errors.js';
import { isServerAway } from '../calls/server-away.js';
import { Refusal } from '../judging/judge.js';
import { isAway } from '../store/database.js';
import { isDiskFull } from '../store/disk-full.js';

/** The codes that an answer may have. */
export type ProblemCode = ApiErrorCode | CallErrorCode | SystemErrorCode | DocumentErrorCode;

/** Why a request is refused. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    message: string,
    /** Every fault with its JSON pointer. */
    readonly errors: readonly Problem[] = [],
  ) {
    super(message);
  }
}

/** Answers with a problem document. */
export function sendProblem(reply: FastifyReply, { status, code, message, errors }: RequestProblem): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({
      type: 'about:blank',
      title: STATUS_CODES[status] ?? '',
      status,
      code,
      detail: message,
      ...(errors.length > 0 && { errors }),
    });
}

/** Answers what is no HTTP that the server takes, for which there is no request yet. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400;
  const body = notAccepted(status);
  const head = `content-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n\r\n${body}`);
}

/** Answers a request whose `Expect` is not `100-continue`, which Node refuses without a word. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(417, { 'content-type': 'application/problem+json', connection: 'close' }).end(notAccepted(417));
}

/** A problem document by its status alone. */
function notAccepted(status: number): string {
  const title = STATUS_CODES[status] ?? '';
  return JSON.stringify({ type: 'about:blank', title, status, code: 'NOT_ACCEPTED', detail: `${title}.` });
}

/** Any error as a problem; one that is not foreseen shows nothing of itself. */
export function problemOf(error: unknown): RequestProblem {
  if (error instanceof RequestProblem) return error;
  if (error instanceof Refusal) return refusalOf(error);
  if (isServerAway(error))
    return new RequestProblem(503, 'TEMPORAL_UNREACHABLE', 'The Temporal server does not answer.');
  if (isDiskFull(error)) return new RequestProblem(503, 'STORE_UNREACHABLE', 'A disk is full: nothing can be stored.');
  if (isAway(error)) return new RequestProblem(503, 'STORE_UNREACHABLE', 'The database does not answer.');
  if (error instanceof HooklineError && error.code === 'STORE_UNREADABLE')
    return new RequestProblem(503, 'STORE_UNREADABLE', error.message);
  if (error instanceof HooklineError && error.code === 'CODEC_REQUIRED')
    return new RequestProblem(409, 'CODEC_REQUIRED', error.message);
  if (hasZodFastifySchemaValidationErrors(error))
    return new RequestProblem(
      400,
      'INVALID_VALUE',
      `The request is not as its schema says (${error.validationContext ?? 'body'}). ${firstFault(error.validation)}`.trim(),
      error.validation.map(faultOf),
    );
  const { statusCode = 500, message = '' } = error as Partial<FastifyError>;
  if (statusCode >= 400 && statusCode < 500) return new RequestProblem(statusCode, 'NOT_ACCEPTED', message);
  return new RequestProblem(500, 'INTERNAL', 'A fault of Hookline itself.');
}

function refusalOf({ reason, message }: Refusal): RequestProblem {
  return reason === 'TIMEOUT'
    ? new RequestProblem(429, 'ACCOUNT_BUSY', message)
    : new RequestProblem(413, 'DOCUMENT_TOO_LARGE', message);
}

/** What is wrong first, with its name: the list of all has the rest. */
function firstFault([first]: readonly { instancePath: string; message?: string | undefined }[]): string {
  const name = first?.instancePath.replace(/^\//, '') ?? '';
  return `${name === '' ? '' : `${name}: `}${first?.message ?? ''}`;
}

function faultOf({ instancePath, message }: { instancePath: string; message?: string | undefined }): Problem {
  return { code: 'INVALID_VALUE', pointer: instancePath, message: message ?? 'This value does not fit.' };
}
