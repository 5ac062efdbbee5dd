/**
 * Bodies in JSON, read as documents are. Contract D1.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import { textOf } from '../flow/documents/text-place.js';
import type { Problem } from '../flow/errors.js';
import { ownerOfDocuments } from '../judging/check-document.js';
import { judging } from '../judging/pool.js';
import { RequestProblem } from './problem.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route lists `slips` beside what else is wrong with the document; other routes refuse a body that has any. */
    listsSlips?: true;
  }
  interface FastifyRequest {
    /** DUPLICATE_KEY and INEXACT_NUMBER in the text of the body; null: the body was not read, or has none. */
    slips: readonly Problem[] | null;
  }
}

/** Reads the JSON bodies of a scope: no key twice, no number that would change, UTF-8 alone. */
export function readBodies(api: FastifyInstance): void {
  // Fastify's own parser makes the value: it also refuses keys that would reach for prototypes.
  const parse = api.getDefaultJsonParser('error', 'error');
  api.decorateRequest('slips', null);
  api.removeContentTypeParser('application/json');
  api.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    if (bytes.length === 0) return void parse(request, '', done);
    const { caller } = request;
    slipsOf(bytes, caller && !caller.operator ? caller.owner.id : 0).then(
      (slips) => {
        request.slips = slips;
        return parse(request, textOf(bytes), done);
      },
      (error: Error) => done(error),
    );
  });
  api.addHook('preValidation', async ({ routeOptions, slips }) => {
    if (!slips || slips.length === 0 || routeOptions.config.listsSlips) return;
    throw new RequestProblem(422, slips[0]?.code as 'DUPLICATE_KEY', 'The body holds what would be lost.', slips);
  });
}

/**
 * What a reader of a body would pass over in silence; a large body is read away from the main thread.
 * @param account whose body it is; 0: nobody's that is known
 * @throws {RequestProblem} when it is no JSON, not in UTF-8, or has more values, keys of one object or levels than are taken
 */
export async function slipsOf(bytes: Uint8Array, account: number): Promise<readonly Problem[]> {
  const read = await judging.judge('body', { bytes }, ownerOfDocuments(account));
  if ('fault' in read) throw noDocument(read.fault);
  return read.slips;
}

/** The answer to a body that is no JSON, or not in UTF-8. */
function noDocument(fault: Problem): RequestProblem {
  const status = fault.code === 'DOCUMENT_TOO_LARGE' ? 413 : 400;
  return new RequestProblem(status, fault.code as 'INVALID_JSON', fault.message, [fault]);
}
