/**
 * What the audit keeps of requests: changes with the fields that they set, reads of private records, and refusals. Contract F7.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isObject, pointer } from '../../flow/validation/pointer.js';
import type { AuditEntry } from '../../store/audit.js';
import type { AuditOutcome } from '../../store/schema.js';
import type { AccountContext } from '../context.js';
import type { Caller } from './authorised.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer shows a private record: numbers or variables of people. Who reads it is noted. */
    isPrivate?: true;
  }
  interface FastifyRequest {
    /** JSON pointers of what the request changed; null: the fields of its body. */
    changed: readonly string[] | null;
    /** The account that a request of the operator was about, when no path names it; null: none, or the one of the path. */
    concerns: number | null;
  }
}

/** Fields that an entry names. */
const MAX_FIELDS = 100;
/** Milliseconds in which the same read or refusal is noted once by a process: a client that polls fills no table. */
const ONCE_MS = 60_000;
/** Reads and refusals that are remembered; with more of them all are forgotten. */
const MAX_SEEN = 10_000;

/** Says which fields a request changed, by JSON pointer; never a value. */
export function noteFields(reply: FastifyReply, fields: readonly string[]): void {
  reply.request.changed = fields;
}

/** Says which account a request was about whose path names none: its audit has the entry. */
export function noteAccount(reply: FastifyReply, account: number): void {
  reply.request.concerns = account;
}

/** Notes the requests of the scope, before they are answered. */
export function auditRequests(api: FastifyInstance, { store }: AccountContext, now: () => number = Date.now): void {
  const seen = new Map<string, number>();
  api.decorateRequest('changed', null);
  api.decorateRequest('concerns', null);
  api.addHook('onSend', async (request, reply) => {
    const { caller } = request;
    const outcome = outcomeOf(request, reply);
    if (caller === null || outcome === undefined) return;
    const account = accountOf(request, caller);
    const entry = entryOf(request, caller, outcome);
    if (outcome === 'changed') return store.audit.add(account, entry);
    const same = JSON.stringify([account, entry]);
    if (now() - (seen.get(same) ?? -Infinity) < ONCE_MS) return;
    if (seen.size >= MAX_SEEN) seen.clear();
    const noted = store.audit.add(account, entry);
    // A store that is away changes no refusal; a private record is not shown without its entry.
    await (outcome === 'refused' ? noted.catch(() => undefined) : noted);
    seen.set(same, now());
  });
}

/** What a request is noted as; undefined when it is not. */
function outcomeOf({ method, routeOptions, replayed }: FastifyRequest, { statusCode }: FastifyReply) {
  const { scope, isPrivate } = routeOptions.config;
  if (statusCode === 403) return 'refused';
  // An answer that is given again changes nothing.
  if (statusCode >= 300 || replayed) return undefined;
  if (isPrivate) return 'read';
  const reads = method === 'GET' || (scope?.endsWith(':read') ?? true);
  return reads ? undefined : 'changed';
}

/** Whose audit has the entry: that of the key's own account; of the one that the operator names, or makes. */
function accountOf({ params, body, concerns }: FastifyRequest, caller: Caller): number {
  if (!caller.operator) return caller.owner.id;
  if (concerns !== null) return concerns;
  const made = (body as { id?: unknown } | null | undefined)?.id;
  return (params as { account?: number }).account ?? (typeof made === 'number' ? made : 0);
}

function entryOf(request: FastifyRequest, caller: Caller, outcome: AuditOutcome): Omit<AuditEntry, 'at'> {
  const { method, params, body, routeOptions, changed } = request;
  const { account, ...ids } = params as { account?: number | string };
  // The account of the path may be another than that of the key: what the request was refused for.
  const foreign = outcome === 'refused' && account !== undefined && !caller.operator && String(account) !== String(caller.owner.id); // prettier-ignore
  const named = Object.entries({ ...ids, ...(foreign && { account }) });
  const given = isObject(body) && !Array.isArray(body) ? Object.keys(body).map((key) => pointer(key)) : [];
  return {
    by: caller.operator ? 'operator' : caller.keyId,
    action: `${method} ${routeOptions.url ?? ''}`,
    target: Object.fromEntries(named.map(([name, value]) => [name, String(value).slice(0, 200)])),
    outcome,
    fields: outcome === 'changed' ? (changed ?? given).slice(0, MAX_FIELDS) : [],
  };
}
