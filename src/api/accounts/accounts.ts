/**
 * `/v1/accounts`: accounts and their settings. Contract D3, F7.
 * @module
 */
import * as z from 'zod';
import type { Account } from '../../flow/documents/account.js';
import { misplacedSecrets } from '../../flow/documents/secret-place.js';
import { changedFields } from '../../flow/validation/changed-fields.js';
import { withSlips } from '../../flow/validation/validate.js';
import type { StoredAccount } from '../../store/accounts.js';
import { isAllowed } from '../access/authorised.js';
import { noteFields } from '../access/audited.js';
import { unknownAccount } from '../access/owner.js';
import { findingsOf } from '../../judging/check-document.js';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { document, findings, moment, pageOf, pageQuery } from './schemas.js';

const shown = z.object({ id: z.number(), createdAt: moment, updatedAt: moment, document });
const saved = shown.extend({ warnings: findings.shape.warnings });
const replacing = z.object({
  force: z.enum(['true', 'false']).default('false').describe('Also a list of addresses that locks this one out'),
});
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
    query: replacing,
    body: document,
    listsSlips: true,
    answers: { 200: saved },
    handler: replace,
  }),
];

async function create(asked: Asked<{ scope: 'operator'; body: typeof document }>) {
  const { body } = asked;
  const { store } = asked.context;
  const {
    account: { id },
    warnings,
  } = await checked(asked);
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

async function replace(asked: Asked<{ body: typeof document; query: typeof replacing }>) {
  const { context, owner, body, query } = asked;
  const { account, warnings } = await checked(asked);
  if (account.id !== owner.id)
    throw new RequestProblem(422, 'INVALID_VALUE', 'The document is of another account than the path.', [
      { code: 'INVALID_VALUE', pointer: '/id', message: `The path says ${owner.id}.` },
    ]);
  if (query.force !== 'true') refuseLockOut(asked, account);
  const before = await owner.stored();
  const replaced = await context.store.accounts.update(owner.id, body);
  if (!replaced) throw unknownAccount();
  noteFields(asked.reply, changedFields(before.document, replaced.document));
  return { ...show(replaced), warnings };
}

/** The operator's key opens an account from everywhere. @throws {RequestProblem} WOULD_LOCK_OUT */
function refuseLockOut({ caller, reply }: Asked, { ipAllowList }: Account): void {
  const { ip } = reply.request;
  if (caller.operator || isAllowed(ip, ipAllowList)) return;
  throw new RequestProblem(409, 'WOULD_LOCK_OUT', `The list would lock out the address of this request, ${ip}.`, [
    {
      code: 'INVALID_VALUE',
      pointer: '/ipAllowList',
      message: 'Add the address, or send the request with ?force=true.',
    },
  ]);
}

function show({ id, document, createdAt, updatedAt }: StoredAccount) {
  return { id, document, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

/** @throws {RequestProblem} INVALID_ACCOUNT with every error */
async function checked({ context, body, slips }: Pick<Asked<{ body: typeof document }>, 'context' | 'body' | 'slips'>) {
  const { places, secretsDir } = context.secrets ?? { places: 'own', secretsDir: null };
  const found = await findingsOf('account', { document: body, origin: 'incoming' }, 0);
  const known = found.value ?? found.readable;
  const misplaced = known && places !== 'anywhere' ? misplacedSecrets(known, secretsDir) : [];
  const { value, errors, warnings } = withSlips([...(slips ?? []), ...misplaced], found);
  if (value && !JSON.stringify(body).includes('\\u0000')) return { account: value, warnings };
  throw new RequestProblem(422, 'INVALID_ACCOUNT', 'The account document is not valid.', errors);
}
