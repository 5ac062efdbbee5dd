/**
 * Internal functions over HTTP, at the paths of the product that Hookline follows. Contract F6.
 * @module
 */
import { createHash, randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { FunctionAnswer } from '../../functions/function-answer.js';
import { performFunction } from '../../functions/perform-function.js';
import type { FunctionTask } from '../../engine/function-task.js';
import { answerBody } from '../../functions/wire.js';
import { accountOf } from '../../calls/stored-account.js';
import type { Account } from '../../flow/documents/account.js';
import { INTERNAL_FUNCTIONS, type FunctionMethod } from '../../flow/internal-functions.js';
import { timely } from '../known-call.js';
import { RequestProblem } from '../problem.js';
import { isAllowed, refuseGuesser } from '../access/authorised.js';
import type { GuardedContext, ZodApi } from '../context.js';
import { problems } from '../accounts/schemas.js';
import { allows } from '../access/scopes.js';

const outputs = z.record(z.string(), z.string());
const value = z.union([z.string(), z.number(), z.boolean()]);
const methods = Object.keys(INTERNAL_FUNCTIONS).filter((method) => method !== 'shortURL') as [FunctionMethod];
const call = z
  .object({ method: z.enum(methods).describe('Which function') })
  .catchall(value.nullable())
  .describe('The variables by full name, beside the method');

/** Adds the routes. The key's account is the one that the function works for. */
export function functionRoutes(api: ZodApi, context: GuardedContext): void {
  const { store, client, guesses } = context;

  for (const path of ['/centraloutboundwebhook-v1/prod/', '/centraloutboundwebhook-v1/test/']) {
    api.post(
      path,
      {
        config: { public: true },
        schema: {
          tags: ['functions'],
          summary: 'createOutbound, updateUserPreferences or updatePauseStatusForCLI',
          body: call,
          response: { 200: outputs, ...problems },
        },
      },
      async (request, reply) => {
        const { method, ...given } = request.body;
        const account = await accountFor(request, reply, given['$flow.syskey.securityID']);
        const variables = Object.entries(given).filter(([, one]) => one !== null);
        const texts = Object.fromEntries(variables.map(([name, one]) => [name, String(one)]));
        const { outputs, reason, detail } = await perform(account, method, texts, request.headers);
        // A code that says no is an answer too.
        if (reason !== undefined && Object.keys(outputs).length === 0)
          throw new RequestProblem(422, 'FUNCTION_FAILED', detail ?? reason);
        return outputs;
      },
    );
  }

  api.post(
    '/UrlShortner/phonon/shortUrl',
    {
      config: { public: true },
      schema: {
        tags: ['functions'],
        summary: 'shortURL',
        body: z.object({ custToken: z.string().optional(), longUrl: z.string().max(8192) }),
        response: { 200: z.object({ shortUrl: z.string() }), ...problems },
      },
    },
    async (request, reply) => {
      const account = await accountFor(request, reply, undefined);
      const variables = { '$flow.key.longUrl': request.body.longUrl };
      const answer = await perform(account, 'shortURL', variables, request.headers);
      if (answer.reason !== undefined) throw new RequestProblem(422, 'FUNCTION_FAILED', answer.detail ?? answer.reason);
      return answerBody('shortURL', answer.outputs) as { shortUrl: string };
    },
  );

  /** A key with the scope `functions:write`, or the account's security id where the request carries one. */
  async function accountFor(request: FastifyRequest, reply: FastifyReply, securityId: unknown): Promise<Account> {
    const { authorization } = request.headers;
    const key = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization ?? '')?.[1];
    const found = key === undefined ? undefined : await store.apiKeys.check(key);
    if (found && !allows(found.scopes, 'functions:write'))
      throw new RequestProblem(403, 'FORBIDDEN', 'This key does not open this route.');
    const proven = typeof securityId === 'string' && /^[\x21-\x7e]{64}$/.test(securityId);
    const bySecurityId = async () => (proven ? store.accounts.bySecurityId(securityId) : undefined);
    const kept = await (found ? store.accounts.get(found.accountId) : bySecurityId());
    if (!kept) {
      refuseGuesser(guesses, request, reply);
      if (authorization !== undefined || securityId !== undefined) guesses.wrong(request.ip);
      throw new RequestProblem(401, 'KEY_INVALID', 'Send "Authorization: Bearer KEY" with a key of this API.');
    }
    const account = accountOf(kept);
    if (!isAllowed(request.ip, account.ipAllowList))
      throw new RequestProblem(403, 'ADDRESS_NOT_ALLOWED', 'The account takes no requests from this address.');
    return account;
  }

  async function perform(
    account: Account,
    method: FunctionMethod,
    variables: Record<string, string>,
    headers: Record<string, string | string[] | undefined>,
  ): Promise<FunctionAnswer> {
    const given = headers['idempotency-key'];
    // Keys of two accounts must not meet, and none may pass for that of a call.
    const origin = typeof given === 'string' ? `${account.id}\n${method}\n${given}` : randomUUID();
    const { id, securityId, countryCode, shortDomain, agents } = account;
    const task: FunctionTask = {
      ...{ method, variables, timeout: 60, waited: true },
      idempotencyKey: `api-${createHash('sha256').update(origin).digest('hex')}`,
      account: {
        ...{ id, securityId, countryCode, shortDomain },
        agents: agents.map(({ number }) => number),
      },
      rules: { accountId: id, httpEnabled: false, targetAllowList: [], secrets: {} },
    };
    return timely(client, () => performFunction(task, context));
  }
}
