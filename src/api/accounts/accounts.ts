/**
 * `/v1/accounts`: accounts and their settings. Contract D3, F7.
 * @module
 */
import * as z from 'zod';
import type { Problem } from '../../flow/errors.js';
import { validateAccount, withSlips } from '../../flow/validation/validate.js';
import { RequestProblem } from '../problem.js';
import type { AccountContext, ZodApi } from '../context.js';
import { document, findings, moment, ofAccount, pageOf, pageQuery, problems } from './schemas.js';

const shown = z.object({ id: z.number(), createdAt: moment, updatedAt: moment, document });

const saved = shown.extend({ warnings: findings.shape.warnings });

/** Adds the routes. */
export function accountRoutes(api: ZodApi, { store }: AccountContext): void {
  api.post(
    '/v1/accounts',
    {
      config: { scope: 'operator', listsSlips: true },
      schema: {
        tags: ['accounts'],
        summary: 'Create an account from its document',
        body: document,
        response: { 201: saved, ...problems },
      },
    },
    async (request, reply) => {
      const { id, warnings } = checked(request.body, request.slips);
      if (!(await store.accounts.create(id, request.body)))
        throw new RequestProblem(409, 'ACCOUNT_EXISTS', 'There is an account of this id, or of this security id.');
      return reply.code(201).send({ ...(await found(id)), warnings });
    },
  );

  api.get(
    '/v1/accounts',
    {
      config: { scope: 'operator' },
      schema: {
        tags: ['accounts'],
        summary: 'List accounts',
        querystring: pageQuery,
        response: {
          200: pageOf(z.object({ id: z.number(), name: z.string().nullable(), createdAt: moment })),
          ...problems,
        },
      },
    },
    async (request) => {
      const { items, next } = await store.accounts.list(request.query);
      return { items: items.map((one) => ({ ...one, createdAt: one.createdAt.toISOString() })), next };
    },
  );

  api.get(
    '/v1/accounts/:account',
    {
      config: { scope: 'account:read' },
      schema: {
        tags: ['accounts'],
        summary: 'Get an account, with its agents as they are now',
        params: ofAccount,
        response: { 200: shown, ...problems },
      },
    },
    async (request) => found(request.params.account),
  );

  api.put(
    '/v1/accounts/:account',
    {
      config: { scope: 'account:write', listsSlips: true },
      schema: {
        tags: ['accounts'],
        summary: 'Replace the document of an account; agents that stay keep their pause',
        params: ofAccount,
        body: document,
        response: { 200: saved, ...problems },
      },
    },
    async (request) => {
      const { account } = request.params;
      const { id, warnings } = checked(request.body, request.slips);
      if (id !== account)
        throw new RequestProblem(422, 'INVALID_VALUE', 'The document is of another account than the path.', [
          { code: 'INVALID_VALUE', pointer: '/id', message: `The path says ${account}.` },
        ]);
      if (!(await store.accounts.update(account, request.body))) throw unknownAccount();
      return { ...(await found(account)), warnings };
    },
  );

  async function found(id: number) {
    const account = await store.accounts.get(id);
    if (!account) throw unknownAccount();
    const { document, createdAt, updatedAt } = account;
    return { id, document, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  }
}

/** There is none of this id. */
export function unknownAccount(): RequestProblem {
  return new RequestProblem(404, 'ACCOUNT_UNKNOWN', 'There is no account of this id.');
}

/** @throws {RequestProblem} INVALID_ACCOUNT with every error */
function checked(body: unknown, slips: readonly Problem[] | null): { id: number; warnings: Problem[] } {
  const { value, errors, warnings } = withSlips(slips ?? [], validateAccount(body));
  if (value && !JSON.stringify(body).includes('\\u0000')) return { id: value.id, warnings };
  throw new RequestProblem(422, 'INVALID_ACCOUNT', 'The account document is not valid.', errors);
}
