/**
 * Who may use the routes of an account: its keys within their scopes, from its addresses, and the operator. Contract F7.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sameText } from '../../crypto/same-text.js';
import { namesSource } from '../../flow/documents/allow-list.js';
import { RequestProblem } from '../problem.js';
import type { GuardedContext } from '../context.js';
import type { Guesses } from './guessing.js';
import { Owner } from './owner.js';
import { allows, type Scope } from './scopes.js';

/** Who asks: a key of an account, or the operator. */
export type Caller = { operator: true } | { operator: false; owner: Owner; keyId: string; scopes: string[] };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a key needs; `operator`: only the operator's key opens the route. */
    scope?: Scope | 'operator';
  }
  interface FastifyRequest {
    /** Set on every route that has a scope. */
    caller: Caller | null;
  }
}

/** Lets through only who may use a route. Routes say what they need by `config.scope`, and have `:account` in their path. */
export function requireKey(api: FastifyInstance, { store, operatorKey, guesses }: GuardedContext): void {
  api.decorateRequest('caller', null);
  api.addHook('onRequest', async (request, reply) => {
    const scope = request.routeOptions.config.scope;
    if (scope === undefined) throw new Error(`${request.routeOptions.url ?? ''} says nothing of who may use it.`);
    const caller = await callerOf(request, store, operatorKey);
    if (!caller) {
      // Only a wrong key is refused: a right one passes, whatever others try from its address.
      refuseGuesser(guesses, request, reply);
      if (request.headers.authorization !== undefined) guesses.wrong(request.ip);
      throw new RequestProblem(401, 'KEY_INVALID', 'Send "Authorization: Bearer KEY" with a key of this API.');
    }
    request.caller = caller;
    if (caller.operator) return;
    const { account } = request.params as { account?: string };
    const own = account !== undefined && account === String(caller.owner.id);
    if (scope === 'operator' || !own || !allows(caller.scopes, scope))
      throw new RequestProblem(403, 'FORBIDDEN', 'This key does not open this route.');
    await requireAddress(request.ip, caller.owner);
  });
}

/** @throws {RequestProblem} RATE_LIMITED when too many wrong keys came from the address of the request */
export function refuseGuesser(guesses: Guesses, { ip }: FastifyRequest, reply: FastifyReply): void {
  const seconds = guesses.shutOutFor(ip);
  if (seconds === 0) return;
  void reply.header('retry-after', String(seconds));
  throw new RequestProblem(429, 'RATE_LIMITED', 'Too many wrong keys came from this address.');
}

async function callerOf(
  { headers }: FastifyRequest,
  store: GuardedContext['store'],
  operatorKey: string | null,
): Promise<Caller | undefined> {
  const key = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(headers.authorization ?? '')?.[1];
  if (key === undefined) return undefined;
  if (operatorKey !== null && sameText(key, operatorKey)) return { operator: true };
  const found = await store.apiKeys.check(key);
  return found && { operator: false, owner: new Owner(store, found.accountId), keyId: found.id, scopes: found.scopes };
}

/** @throws {RequestProblem} ADDRESS_NOT_ALLOWED when the account names addresses, and this is not one of them */
async function requireAddress(address: string, owner: Owner): Promise<void> {
  if (isAllowed(address, (await owner.found())?.document.ipAllowList)) return;
  throw new RequestProblem(403, 'ADDRESS_NOT_ALLOWED', 'The account takes no requests from this address.');
}

/** Whether an account's `ipAllowList` lets an address through. An empty list lets everybody; a faulty entry nobody. Contract F7, C4. */
export function isAllowed(address: string, list: unknown): boolean {
  return !Array.isArray(list) || list.length === 0 || namesSource(list, address);
}
