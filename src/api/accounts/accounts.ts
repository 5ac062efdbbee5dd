/**
 * `/v1/accounts`: accounts and their settings. Contract D3, F7.
 * @module
 */
import * as z from 'zod';
import type { Problem } from '../../flow/errors.js';
import { withSlips } from '../../flow/validation/validate.js';
import type { StoredAccount } from '../../store/accounts.js';
import { unknownAccount } from '../access/owner.js';
import { findingsOf } from '../../judging/check-document.js';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { document, findings, moment, pageOf, pageQuery } from './schemas.js';

const shown = z.object({ id: z.number(), createdAt: moment, updatedAt: moment, document });
const saved = shown.extend({ warnings: findings.shape.warnings });
const listed = z.object({ id: z.number(), name: z.string().nullable(), createdAt: moment });

/** The routes. */
export const accountRoutes = [
  route({
    ...{ method: 'POST', path: '/v1/accounts', scope: 'operator', tag: 'accounts' },
    summary: 'Create an account from its document',
    body: document,
    listsSlips: true,
    answers: { 201: saved },
    handler: create,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts', scope: 'operator', tag: 'accounts' },
    summary: 'List accounts',
    query: pageQuery,
    answers: { 200: pageOf(listed) },
    handler: list,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account', scope: 'account:read', tag: 'accounts' },
    summary: 'Get an account, with its agents as they are now',
    answers: { 200: shown },
    handler: get,
  }),
  route({
    ...{ method: 'PUT', path: '/v1/accounts/:account', scope: 'account:write', tag: 'accounts' },
    summary: 'Replace the document of an account; agents that stay keep their pause',
    body: document,
    listsSlips: true,
    answers: { 200: saved },
    handler: replace,
  }),
];

async function create({ context: { store }, body, slips }: Asked<{ scope: 'operator'; body: typeof document }>) {
  const { id, warnings } = await checked(body, slips);
  const made = (await store.accounts.create(id, body)) && (await store.accounts.get(id));
  if (!made) throw new RequestProblem(409, 'ACCOUNT_EXISTS', 'There is an account of this id, or of this security id.');
  return { ...show(made), warnings };
}

async function list({ context: { store }, query }: Asked<{ scope: 'operator'; query: typeof pageQuery }>) {
  const { items, next } = await store.accounts.list(query);
  return { items: items.map((one) => ({ ...one, createdAt: one.createdAt.toISOString() })), next };
}

async function get({ owner }: Asked) {
  return show(await owner.stored());
}

async function replace({ context: { store }, owner, body, slips }: Asked<{ body: typeof document }>) {
  const { id, warnings } = await checked(body, slips);
  if (id !== owner.id)
    throw new RequestProblem(422, 'INVALID_VALUE', 'The document is of another account than the path.', [
      { code: 'INVALID_VALUE', pointer: '/id', message: `The path says ${owner.id}.` },
    ]);
  const replaced = await store.accounts.update(owner.id, body);
  if (!replaced) throw unknownAccount();
  return { ...show(replaced), warnings };
}

function show({ id, document, createdAt, updatedAt }: StoredAccount) {
  return { id, document, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

/** @throws {RequestProblem} INVALID_ACCOUNT with every error */
async function checked(body: unknown, slips: readonly Problem[] | null): Promise<{ id: number; warnings: Problem[] }> {
  const { value, errors, warnings } = withSlips(
    slips ?? [],
    await findingsOf('account', { document: body, origin: 'incoming' }, 0),
  );
  if (value && !JSON.stringify(body).includes('\\u0000')) return { id: value.id, warnings };
  throw new RequestProblem(422, 'INVALID_ACCOUNT', 'The account document is not valid.', errors);
}
