/**
 * The API takes requests that are signed with its secret; without a secret, requests of this machine. Contract B6.
 * @module
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Signature } from '../../telephony/http/signature.js';
import { isLoopbackHost } from '../../crypto/loopback.js';
import { textOf } from '../../flow/documents/text-place.js';
import { slipsOf } from '../json-body.js';
import { RequestProblem } from '../problem.js';

/** Takes bodies as JSON alone, and refuses requests that are not signed before anything reads them. */
export function requireSignature(api: FastifyInstance, signature: Signature | null): void {
  api.decorateRequest('slips', null);
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  api.addHook('preValidation', async (request) => {
    const raw = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
    const fault = signature === null ? strangersHost(request) : signature.fault(request.headers, raw);
    if (fault !== null) throw new RequestProblem(401, 'SIGNATURE_INVALID', fault);
    if (request.method !== 'GET') request.body = await read(request);
  });
}

/** A web page could reach this machine under a name of its own that points here. */
function strangersHost(request: FastifyRequest): string | null {
  if (isLoopbackHost(request.hostname)) return null;
  return 'Without a secret, only requests to localhost are taken.';
}

async function read(request: FastifyRequest): Promise<unknown> {
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  request.slips = await slipsOf(bytes, 0);
  return JSON.parse(textOf(bytes)) as unknown;
}
