/**
 * `/v1/accounts/:account/links`: short links, and how often they were followed. Contract F2.
 * @module
 */
import * as z from 'zod';
import { isLinkTarget, shortUrl } from '../../functions/short-url.js';
import { storedAccount } from '../../calls/stored-account.js';
import type { Link } from '../../store/links.js';
import { RequestProblem } from '../problem.js';
import { unknownAccount } from './accounts.js';
import type { AccountContext, ZodApi } from '../context.js';
import { moment, ofAccount, pageOf, pageQuery, plainText, problems } from './schemas.js';

const ofLink = ofAccount.extend({ code: z.string().regex(/^[A-Za-z0-9]{8}$/) });
const shown = z.object({
  code: z.string(),
  shortUrl: z.string(),
  url: z.string(),
  visits: z.number().int(),
  createdAt: moment,
});

/** Adds the routes. */
export function linkRoutes(api: ZodApi, { store, publicUrl }: AccountContext): void {
  api.post(
    '/v1/accounts/:account/links',
    {
      config: { scope: 'links:write' },
      schema: {
        tags: ['links'],
        summary: 'Shorten a URL',
        params: ofAccount,
        body: z.strictObject({ url: plainText(8192).min(1) }),
        response: { 201: shown, ...problems },
      },
    },
    async (request, reply) => {
      const { url } = request.body;
      if (!isLinkTarget(url))
        throw new RequestProblem(422, 'INVALID_VALUE', 'Only http and https addresses are shortened.');
      const show = await showing(request.params.account);
      return reply.code(201).send(show(await store.links.create(request.params.account, new URL(url).href)));
    },
  );

  api.get(
    '/v1/accounts/:account/links',
    {
      config: { scope: 'links:read' },
      schema: {
        tags: ['links'],
        summary: 'List short links',
        params: ofAccount,
        querystring: pageQuery,
        response: { 200: pageOf(shown), ...problems },
      },
    },
    async (request) => {
      const show = await showing(request.params.account);
      const { items, next } = await store.links.list(request.params.account, request.query);
      return { items: items.map(show), next };
    },
  );

  api.get(
    '/v1/accounts/:account/links/:code',
    {
      config: { scope: 'links:read' },
      schema: { tags: ['links'], summary: 'Get a short link', params: ofLink, response: { 200: shown, ...problems } },
    },
    async (request) => {
      const show = await showing(request.params.account);
      const link = await store.links.get(request.params.account, request.params.code);
      if (!link) throw unknownLink();
      return show(link);
    },
  );

  api.delete(
    '/v1/accounts/:account/links/:code',
    {
      config: { scope: 'links:write' },
      schema: {
        tags: ['links'],
        summary: 'Take a short link away',
        params: ofLink,
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      if (!(await store.links.remove(request.params.account, request.params.code))) throw unknownLink();
      return reply.code(204).send(null);
    },
  );

  async function showing(id: number) {
    const account = await storedAccount(store, id);
    if (!account) throw unknownAccount();
    return (link: Link) => ({
      ...link,
      shortUrl: shortUrl(link.code, account.shortDomain, publicUrl),
      createdAt: link.createdAt.toISOString(),
    });
  }
}

/** There is none of this code. */
export function unknownLink(): RequestProblem {
  return new RequestProblem(404, 'NOT_FOUND', 'There is no such short link.');
}
