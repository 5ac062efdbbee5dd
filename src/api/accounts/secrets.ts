/**
 * `/v1/accounts/:account/secrets`: secrets that are kept in the store. Values go in, and never come out. Contract D3, W3.
 * @module
 */
import * as z from 'zod';
import { MAX_SECRETS, type StoredSecret } from '../../store/secrets.js';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { moment, ofAccount } from './schemas.js';

/** Bytes of a value, in UTF-8. */
const MAX_BYTES = 64 * 1024;

const ofSecret = ofAccount.extend({
  secret: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,100}$/)
    .describe('The name under `secrets` of the account'),
});
const giving = z.strictObject({
  value: z
    .string()
    .min(1)
    .refine((value) => Buffer.byteLength(value) <= MAX_BYTES, `A value has at most ${MAX_BYTES / 1024} KiB.`)
    .describe('Taken as it stands; no answer ever shows it'),
});
const shown = z.object({ name: z.string(), createdAt: moment, updatedAt: moment });

/** The routes. */
export const secretRoutes = [
  route({
    ...{ method: 'PUT', path: '/v1/accounts/:account/secrets/:secret', scope: 'secrets:write', tag: 'secrets' },
    summary: 'Store the value of a secret, in place of the one before; workers use it within seconds',
    params: ofSecret,
    body: giving,
    answers: { 200: shown },
    handler: give,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/secrets', scope: 'secrets:read', tag: 'secrets' },
    summary: 'List stored secrets by name, without their values',
    answers: { 200: z.object({ items: z.array(shown) }) },
    handler: list,
  }),
  route({
    ...{ method: 'DELETE', path: '/v1/accounts/:account/secrets/:secret', scope: 'secrets:write', tag: 'secrets' },
    summary: 'Take a stored secret away',
    params: ofSecret,
    answers: { 204: z.null() },
    handler: remove,
  }),
];

async function give({ context, owner, params, body }: Asked<{ params: typeof ofSecret; body: typeof giving }>) {
  const { id } = await owner.stored();
  const kept = await context.store.secrets.put(id, params.secret, body.value);
  if (kept) return show(kept);
  throw new RequestProblem(422, 'INVALID_VALUE', `An account stores at most ${MAX_SECRETS} secrets.`);
}

async function list({ context: { store }, owner }: Asked) {
  return { items: (await store.secrets.list(owner.id)).map(show) };
}

async function remove({ context: { store }, owner, params: { secret } }: Asked<{ params: typeof ofSecret }>) {
  if (!(await store.secrets.remove(owner.id, secret)))
    throw new RequestProblem(404, 'NOT_FOUND', 'The account has no stored secret of this name.');
  return null;
}

function show({ name, createdAt, updatedAt }: StoredSecret) {
  return { name, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
