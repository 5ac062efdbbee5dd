/**
 * Routes as data: each group of routes is a table, and this is where a table becomes routes.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import * as z from 'zod';
import type { Caller } from './access/authorised.js';
import { Owner } from './access/owner.js';
import type { Scope } from './access/scopes.js';
import type { Problem } from '../flow/errors.js';
import { ofAccount, problems } from './accounts/schemas.js';
import type { AccountContext } from './context.js';

/** What a route takes, each part by its schema. */
interface Shapes {
  /** `operator`: only the operator's key opens the route, and it is about no account. */
  scope?: Scope | 'operator';
  /** Default: `:account`. */
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
}

/** What a handler gets: the request as its schemas read it, and who proved to be whom. */
export interface Asked<S extends Shapes = object> {
  context: AccountContext;
  caller: Caller;
  /** The account whose key it is, or that the operator names. */
  owner: S extends { scope: 'operator' } ? undefined : Owner;
  params: S extends { params: infer P extends z.ZodType } ? z.output<P> : unknown;
  query: S extends { query: infer Q extends z.ZodType } ? z.output<Q> : unknown;
  body: S extends { body: infer B extends z.ZodType } ? z.output<B> : unknown;
  /** What is wrong with the text of the body: keys that stand twice, numbers that change; empty unless the route lists them. Contract D1. */
  slips: readonly Problem[];
  /** For another status than the lowest of `answers`, and for headers. */
  reply: FastifyReply;
}

interface Described extends Shapes {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  scope: Scope | 'operator';
  tag: string;
  summary: string;
  /** The answer shows a private record, and who reads it is noted in the audit. */
  isPrivate?: true;
  /** The answer holds what is shown once: it is not kept for an `Idempotency-Key`. */
  shownOnce?: true;
  /** The handler lists the slips of the body's text among its errors; default: a body with slips is refused before it. */
  listsSlips?: true;
  /** Bodies by status, without the problems that every route can answer. The lowest is what a handler gives by default. */
  answers: Readonly<Record<number, z.ZodType>>;
}

/** A body of one of its answers. */
type AnswerOf<R extends Described> = z.input<R['answers'][keyof R['answers']]>;

/** A route of a table. */
export type Route = Described & { handler: (asked: never) => Promise<unknown> };

/** One row of a table; its handler must take what its schemas read, and give what one of its answers holds. */
export function route<const R extends Described>(
  row: R & { handler: (asked: Asked<NoInfer<R>>) => Promise<AnswerOf<NoInfer<R>>> },
): Route {
  return row;
}

/** Adds the routes of a table. */
export function addRoutes(api: FastifyInstance, context: AccountContext, table: readonly Route[]): void {
  for (const { method, path, scope, tag, summary, params, query, body, answers, handler, ...more } of table) {
    const { listsSlips, isPrivate, shownOnce } = more;
    const status = Math.min(...Object.keys(answers).map(Number));
    const named = scope === 'operator' ? params : (params ?? ofAccount);
    const schema: FastifySchema = {
      ...{ tags: [tag], summary, response: { ...answers, ...problems } },
      ...(named && { params: named }),
      querystring: onlyThese(query),
      ...(body && { body }),
    };
    api.route({
      ...{ method, url: path, schema },
      config: { scope, ...(listsSlips && { listsSlips }), ...(isPrivate && { isPrivate }), ...(shownOnce && { shownOnce }) }, // prettier-ignore
      handler: async (request, reply) => {
        void reply.code(status);
        return handler(askedBy(request, reply, context) as never);
      },
    });
  }
}

/** A query of these parameters alone: what is mistyped must not look as if it had been obeyed. */
function onlyThese(query: z.ZodType | undefined): z.ZodType {
  const shape = query instanceof z.ZodObject ? (query.shape as z.ZodRawShape) : {};
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const unknown = issue.keys.map((key) => `"${key}"`).join(', ');
      return `There is no query parameter ${unknown} here.${known.length > 0 ? ` Known here: ${known.join(', ')}.` : ''}`;
    },
  });
}

function askedBy(request: FastifyRequest, reply: FastifyReply, context: AccountContext) {
  const { caller, params, query, body, slips } = request;
  if (caller === null) throw new Error('A route without proof of who asks.');
  const { account } = params as { account?: number };
  const named = account === undefined ? undefined : new Owner(context.store, account);
  const owner = caller.operator ? named : caller.owner;
  return { context, caller, owner, params, query, body, slips: slips ?? [], reply };
}
