/**
 * `/v1/accounts/:account/keys`: keys of an account. The text of a key is shown once, when it is made.
 * @module
 */
import * as z from 'zod';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { moment, ofAccount, pageOf, pageQuery, plainText } from './schemas.js';
import { allows, SCOPES, type Scope } from '../access/scopes.js';

const scopes = z
  .array(z.enum(SCOPES as readonly [Scope, ...Scope[]]))
  .min(1)
  .max(SCOPES.length);
const ofKey = ofAccount.extend({ key: plainText(40) });
const making = z.strictObject({ name: plainText(200).default(''), scopes });
const shown = z.object({ id: z.string(), name: z.string(), scopes: z.array(z.string()), createdAt: moment });

/** The routes. */
export const keyRoutes = [
  route({
    ...{ method: 'POST', path: '/v1/accounts/:account/keys', scope: 'keys:write', tag: 'keys' },
    summary: 'Make a key; only this answer shows it. A key gives no more rights than it has',
    body: making,
    shownOnce: true,
    answers: { 201: shown.extend({ key: z.string() }) },
    handler: make,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/keys', scope: 'keys:read', tag: 'keys' },
    summary: 'List keys',
    query: pageQuery,
    answers: { 200: pageOf(shown) },
    handler: list,
  }),
  route({
    ...{ method: 'DELETE', path: '/v1/accounts/:account/keys/:key', scope: 'keys:write', tag: 'keys' },
    summary: 'Take a key away, at once',
    params: ofKey,
    answers: { 204: z.null() },
    handler: remove,
  }),
];

async function make({ context: { store }, caller, owner, body }: Asked<{ body: typeof making }>) {
  if (!caller.operator && !body.scopes.every((scope) => allows(caller.scopes, scope)))
    throw new RequestProblem(403, 'FORBIDDEN', 'A key gives no more rights than it has.');
  const { id } = await owner.stored();
  const made = await store.apiKeys.create(id, body.name, body.scopes);
  return { ...made, createdAt: made.createdAt.toISOString() };
}

async function list({ context: { store }, owner, query }: Asked<{ query: typeof pageQuery }>) {
  const { items, next } = await store.apiKeys.list(owner.id, query);
  return { items: items.map((key) => ({ ...key, createdAt: key.createdAt.toISOString() })), next };
}

async function remove({ context: { store }, owner, params: { key } }: Asked<{ params: typeof ofKey }>) {
  if (!(await store.apiKeys.remove(owner.id, key)))
    throw new RequestProblem(404, 'NOT_FOUND', 'The account has no key of this id.');
  return null;
}
