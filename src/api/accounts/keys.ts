/**
 * `/v1/accounts/:account/keys`: keys of an account. A key's text is told once, when it is made.
 * @module
 */
import * as z from 'zod';
import { RequestProblem } from '../problem.js';
import { unknownAccount } from './accounts.js';
import type { AccountContext, ZodApi } from '../context.js';
import { moment, ofAccount, pageOf, pageQuery, plainText, problems } from './schemas.js';
import { allows, SCOPES, type Scope } from '../access/scopes.js';

const scopes = z
  .array(z.enum(SCOPES as [Scope, ...Scope[]]))
  .min(1)
  .max(SCOPES.length);
const shown = z.object({ id: z.string(), name: z.string(), scopes: z.array(z.string()), createdAt: moment });

/** Adds the routes. */
export function keyRoutes(api: ZodApi, { store }: AccountContext): void {
  api.post(
    '/v1/accounts/:account/keys',
    {
      config: { scope: 'keys:write' },
      schema: {
        tags: ['keys'],
        summary: 'Make a key; only this answer tells it. A key gives no more rights than it has',
        params: ofAccount,
        body: z.strictObject({ name: plainText(200).default(''), scopes }),
        response: { 201: shown.extend({ key: z.string() }), ...problems },
      },
    },
    async (request, reply) => {
      const { account } = request.params;
      const { caller } = request;
      const held = caller?.operator === false ? caller.scopes : null;
      if (held && !request.body.scopes.every((scope) => allows(held, scope)))
        throw new RequestProblem(403, 'FORBIDDEN', 'A key gives no more rights than it has.');
      if (!(await store.accounts.get(account))) throw unknownAccount();
      const made = await store.apiKeys.create(account, request.body.name, request.body.scopes);
      return reply.code(201).send({ ...made, createdAt: made.createdAt.toISOString() });
    },
  );

  api.get(
    '/v1/accounts/:account/keys',
    {
      config: { scope: 'keys:read' },
      schema: {
        tags: ['keys'],
        summary: 'List keys',
        params: ofAccount,
        querystring: pageQuery,
        response: { 200: pageOf(shown), ...problems },
      },
    },
    async (request) => {
      const { items, next } = await store.apiKeys.list(request.params.account, request.query);
      return { items: items.map((key) => ({ ...key, createdAt: key.createdAt.toISOString() })), next };
    },
  );

  api.delete(
    '/v1/accounts/:account/keys/:key',
    {
      config: { scope: 'keys:write' },
      schema: {
        tags: ['keys'],
        summary: 'Take a key away, at once',
        params: ofAccount.extend({ key: plainText(40) }),
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const { account, key } = request.params;
      if (!(await store.apiKeys.remove(account, key)))
        throw new RequestProblem(404, 'NOT_FOUND', 'The account has no key of this id.');
      return reply.code(204).send(null);
    },
  );
}
