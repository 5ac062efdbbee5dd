/**
 * Who may ask the codec server: pages of the origins that were named, with the token; without one, this machine. Contract C6.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestProblem } from '../api/problem.js';
import { sameText } from '../crypto/same-text.js';
import { isLoopbackHost } from '../crypto/loopback.js';
import type { CodecServerSettings } from './codec-server-settings.js';

/** What Temporal's UI sends beside the body. */
const ALLOWED_HEADERS = 'authorization, authorization-extras, content-type, x-namespace';
/** Seconds for which a browser need not ask again whether it may ask. */
const PREFLIGHT_SECONDS = '600';

/** Judges every request before anything reads it, and answers what browsers ask first. */
export function guardAccess(server: FastifyInstance, settings: Pick<CodecServerSettings, 'origins' | 'token'>): void {
  server.addHook('onRequest', async (request, reply) => {
    allowOrigin(request, reply, settings.origins);
    // A browser asks without the token.
    if (request.method === 'OPTIONS') return reply.code(204).send();
    const fault = settings.token === null ? strangersHost(request) : tokenFault(request, settings.token);
    if (fault === null) return undefined;
    void reply.header('www-authenticate', 'Bearer');
    throw new RequestProblem(401, 'TOKEN_INVALID', fault);
  });
}

function allowOrigin(request: FastifyRequest, reply: FastifyReply, origins: ReadonlySet<string>): void {
  void reply.header('vary', 'Origin').header('cache-control', 'no-store');
  const { origin } = request.headers;
  if (origin === undefined) return;
  if (!origins.has(origin)) {
    throw new RequestProblem(403, 'ORIGIN_REFUSED', 'HOOKLINE_CODEC_UI_ORIGIN does not name the origin of this page.');
  }
  void reply
    .header('access-control-allow-origin', origin)
    .header('access-control-allow-methods', 'POST')
    .header('access-control-allow-headers', ALLOWED_HEADERS)
    .header('access-control-max-age', PREFLIGHT_SECONDS);
}

/** A web page could reach this machine under a name of its own that points here. */
function strangersHost(request: FastifyRequest): string | null {
  if (isLoopbackHost(request.hostname)) return null;
  return 'Without a token, only requests to localhost are taken.';
}

function tokenFault({ headers }: FastifyRequest, token: string): string | null {
  const [, given] = /^bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (given === undefined) return 'There is no bearer token.';
  return sameText(given, token) ? null : 'This is not the token of this server.';
}
