/**
 * Bodies in JSON, read as documents are. Contract D1.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import { readDocumentBytes } from '../flow/documents/read-document.js';
import { textOf } from '../flow/documents/text-place.js';
import type { Problem } from '../flow/errors.js';
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
    const read = readDocumentBytes(bytes);
    if ('fault' in read) return void done(noDocument(read.fault));
    request.slips = read.slips;
    void parse(request, textOf(bytes), done);
  });
  api.addHook('preValidation', async ({ routeOptions, slips }) => {
    if (!slips || slips.length === 0 || routeOptions.config.listsSlips) return;
    throw new RequestProblem(422, slips[0]?.code as 'DUPLICATE_KEY', 'The body holds what would be lost.', slips);
  });
}

/** The answer to a body that is no JSON, or not in UTF-8. */
export function noDocument(fault: Problem): RequestProblem {
  return new RequestProblem(400, fault.code as 'INVALID_JSON', fault.message, [fault]);
}
