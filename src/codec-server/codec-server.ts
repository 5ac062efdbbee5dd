/**
 * The codec server: Temporal's UI and CLI ask it to decrypt what they show, and to encrypt what they send. Contract C6.
 * @module
 */
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { problemOf, RequestProblem, sendProblem } from '../api/problem.js';
import { HooklineError } from '../flow/errors.js';
import { isLoopbackHost } from '../crypto/loopback.js';
import type { EncryptingCodec } from '../temporal/codec/payload-codec.js';
import { guardAccess } from './access.js';
import { readPayloads, writePayloads } from './payloads.js';
import type { CodecServerSettings } from './codec-server-settings.js';

/** What a codec server works with. */
export interface CodecServerOptions extends Omit<CodecServerSettings, 'tls' | 'tlsProxy'> {
  /** Default: plain HTTP. */
  tls?: CodecServerSettings['tls'];
  codec: EncryptingCodec;
  /** Logs faults of ours; never what was decrypted. */
  say: (line: string) => void;
}

/** A codec server that takes requests. */
export interface RunningCodecServer {
  /** Its address on this machine, without a slash at its end. */
  url: string;
  /** Ends it; requests under way end first. */
  stop(): Promise<void>;
}

/** An event holds up to 4 MiB, and base64 makes it larger by a third. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** Milliseconds in which a request must have come whole. */
const REQUEST_MS = 30_000;

/** Starts a codec server; port 0: any that is free. @throws {HooklineError} CODEC_SERVER_OPEN, PORT_TAKEN */
export async function startCodecServer(options: CodecServerOptions): Promise<RunningCodecServer> {
  const { host, port, token } = options;
  const bracketed = host.includes(':') ? `[${host}]` : host;
  if (token === null && !isLoopbackHost(bracketed)) {
    throw new HooklineError(
      'CODEC_SERVER_OPEN',
      `The codec server does not listen on ${host}, because HOOKLINE_CODEC_TOKEN is not set.`,
    );
  }
  const server = createServer(options);
  try {
    await server.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new HooklineError(
      'PORT_TAKEN',
      `Port ${port} of ${host} is in use. Set another one with HOOKLINE_CODEC_PORT.`,
    );
  }
  const address = server.server.address();
  const reached = /^(0\.0\.0\.0|::)$/.test(host) ? '127.0.0.1' : bracketed;
  const url = `${options.tls ? 'https' : 'http'}://${reached}:${typeof address === 'object' && address ? address.port : port}`;
  return { url, stop: () => server.close() };
}

function createServer(options: CodecServerOptions): FastifyInstance {
  const { codec } = options;
  const server = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_MS,
    ...(options.tls && ({ https: options.tls } as object)),
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, codecProblemOf(error)),
  });
  // JSON alone: a page of another origin could send a plain text without asking first.
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler((error, request, reply) => {
    const problem = codecProblemOf(error);
    if (problem.code === 'INTERNAL') options.say(`${request.method} ${request.routeOptions.url ?? ''} failed`);
    return sendProblem(reply, problem);
  });
  server.setNotFoundHandler((request, reply) => {
    const unknown = new RequestProblem(404, 'ROUTE_UNKNOWN', `There is nothing for ${request.method} here.`);
    return sendProblem(reply, unknown);
  });
  guardAccess(server, options);
  server.post('/decode', async ({ body }) => writePayloads(await codec.decode(readPayloads(body))));
  server.post('/encode', async ({ body }) => writePayloads(await codec.encode(readPayloads(body))));
  return server;
}

function codecProblemOf(error: unknown): RequestProblem {
  if (error instanceof HooklineError && error.code === 'PAYLOAD_UNREADABLE')
    return new RequestProblem(422, error.code, error.message);
  const { statusCode = 500, message = '' } = error as Partial<FastifyError>;
  if (!(error instanceof RequestProblem) && statusCode >= 400 && statusCode < 500)
    return new RequestProblem(statusCode, 'PAYLOADS_INVALID', message);
  return problemOf(error);
}
