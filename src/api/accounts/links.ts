/**
 * `/v1/accounts/:account/links`: short links, and how often they were followed. Contract F2.
 * @module
 */
import * as z from 'zod';
import { isLinkTarget, shortUrl } from '../../functions/short-url.js';
import { masked } from '../../flow/values/mask.js';
import type { Link } from '../../store/links.js';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { moment, ofAccount, pageOf, pageQuery, plainText } from './schemas.js';

const ofLink = ofAccount.extend({ code: z.string().regex(/^[A-Za-z0-9]{8}$/) });
const shortening = z.strictObject({ url: plainText(8192).min(1) });
const shown = z.object({
  code: z.string(),
  shortUrl: z.string(),
  url: z.string(),
  visits: z.number().int(),
  createdAt: moment,
});

/** The routes. */
export const linkRoutes = [
  route({
    ...{ method: 'POST', path: '/v1/accounts/:account/links', scope: 'links:write', tag: 'links' },
    summary: 'Shorten a URL',
    body: shortening,
    answers: { 201: shown },
    handler: shorten,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/links', scope: 'links:read', tag: 'links' },
    summary: 'List short links',
    query: pageQuery,
    answers: { 200: pageOf(shown) },
    handler: list,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/links/:code', scope: 'links:read', tag: 'links' },
    summary: 'Get a short link',
    params: ofLink,
    answers: { 200: shown },
    handler: get,
  }),
  route({
    ...{ method: 'DELETE', path: '/v1/accounts/:account/links/:code', scope: 'links:write', tag: 'links' },
    summary: 'Take a short link away',
    params: ofLink,
    answers: { 204: z.null() },
    handler: remove,
  }),
];

async function shorten(asked: Asked<{ body: typeof shortening }>) {
  const { context, owner, body } = asked;
  if (!isLinkTarget(body.url))
    throw new RequestProblem(422, 'INVALID_VALUE', 'Only http and https addresses are shortened.');
  const show = await showing(asked);
  return show(await context.store.links.create(owner.id, new URL(body.url).href));
}

async function list(asked: Asked<{ query: typeof pageQuery }>) {
  const show = await showing(asked);
  const { items, next } = await asked.context.store.links.list(asked.owner.id, asked.query);
  return { items: items.map(show), next };
}

async function get(asked: Asked<{ params: typeof ofLink }>) {
  const show = await showing(asked);
  const link = await asked.context.store.links.get(asked.owner.id, asked.params.code);
  if (!link) throw unknownLink();
  return show(link);
}

async function remove({ context: { store }, owner, params: { code } }: Asked<{ params: typeof ofLink }>) {
  if (!(await store.links.remove(owner.id, code))) throw unknownLink();
  return null;
}

async function showing({ context: { publicUrl }, owner }: Pick<Asked, 'context' | 'owner'>) {
  const { shortDomain } = await owner.account();
  return ({ sensitive, url, ...link }: Link) => ({
    ...link,
    url: masked(url, sensitive),
    shortUrl: shortUrl(link.code, shortDomain, publicUrl),
    createdAt: link.createdAt.toISOString(),
  });
}

/** There is no link of this code. */
export function unknownLink(): RequestProblem {
  return new RequestProblem(404, 'NOT_FOUND', 'There is no such short link.');
}
