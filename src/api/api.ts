/**
 * The HTTP API: for bridges that speak HTTP instead of Temporal. Contract B6.
 * @module
 */
import { createRequire } from 'node:module';
import fastify, { type FastifyInstance } from 'fastify';
import { HooklineError } from '../flow/errors.js';
import { FairTurns } from '../calls/fair-turns.js';
import { isLoopbackHost } from '../crypto/loopback.js';
import { CALL_TASK_QUEUE } from '../telephony/start.js';
import type { ApiOptions } from './context.js';
import { callRoutes } from './bridge/bridge-calls.js';
import { eventRoutes } from './bridge/events.js';
import { didTargetRoute } from './bridge/did-target.js';
import { healthRoutes } from './health.js';
import { answerClientError, answerExpectation, problemOf, RequestProblem, sendProblem } from './problem.js';
import { logRequests, placeOf } from './request-log.js';
import { requireSignature } from './bridge/signed.js';
import { accountApi } from './accounts/routes.js';

/** An API that takes requests. */
export interface RunningApi {
  /** Its address on this machine, without a slash at its end. */
  url: string;
  /** Ends it; requests under way end first. */
  stop(): Promise<void>;
}

const { version: VERSION } = createRequire(import.meta.url)('../../package.json') as { version: string };

const MAX_BODY_BYTES = 1024 * 1024;
/** Milliseconds in which a request must have come whole. */
const REQUEST_MS = 30_000;
/** Characters of a workflow id. */
const MAX_ID = 1000;

/** Starts the API. @throws {HooklineError} API_UNSIGNED, PORT_TAKEN */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { host, port, http } = options;
  const bracketed = host.includes(':') ? `[${host}]` : host;
  if (http.signature === null && !isLoopbackHost(bracketed))
    throw new HooklineError(
      'API_UNSIGNED',
      `The API does not listen on ${host}, because HOOKLINE_BRIDGE_SECRET is not set.`,
    );
  const scheme = options.tls ? 'https' : 'http';
  const publicUrl = options.accounts?.publicUrl ?? `${scheme}://${bracketed}:${port}`;
  const api = await createApi(options, publicUrl);
  try {
    await api.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new HooklineError('PORT_TAKEN', `Port ${port} of ${host} is in use. Set another one with HOOKLINE_API_PORT.`);
  }
  const address = api.server.address();
  const reached = /^(0\.0\.0\.0|::)$/.test(host) ? '127.0.0.1' : bracketed;
  const url = `${scheme}://${reached}:${typeof address === 'object' && address ? address.port : port}`;
  return { url, stop: () => api.close() };
}

async function createApi(options: ApiOptions, publicUrl: string): Promise<FastifyInstance> {
  const api = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_MS,
    ...(options.tls && ({ https: options.tls } as object)),
    trustProxy: options.trustedProxies ?? false,
    routerOptions: { maxParamLength: MAX_ID },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, problemOf(error)),
  });
  api.server.on('checkExpectation', answerExpectation);
  api.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.code === 'INTERNAL') {
      const { HOOKLINE_DEBUG } = process.env;
      const stack = HOOKLINE_DEBUG && error instanceof Error && { error: error.stack };
      options.log.error({ ...placeOf(request), fault: nameOf(error), ...stack }, 'a fault of ours');
    }
    return sendProblem(reply, problem);
  });
  api.setNotFoundHandler((request, reply) => {
    const unknown = new RequestProblem(404, 'ROUTE_UNKNOWN', `There is nothing for ${request.method} here.`);
    return sendProblem(reply, unknown);
  });
  logRequests(api, options.log);
  healthRoutes(api, options);
  await api.register(async (signed) => {
    requireSignature(signed, options.http.signature);
    const turns = new FairTurns();
    callRoutes(signed, options, turns);
    eventRoutes(signed, options, turns);
    didTargetRoute(signed, options);
  });
  const { accounts, client, searchAttributes, taskQueue = CALL_TASK_QUEUE } = options;
  if (accounts) {
    const context = { ...accounts, client, searchAttributes, taskQueue, publicUrl };
    await api.register(async (scope) => accountApi(scope, context, VERSION));
  }
  return api;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
