/**
 * A line of the log for each request: what was asked by its route, never by its path, which may hold numbers. Contract C6.
 * @module
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Log } from '../observability/log.js';

/** How our workflow ids look (contract C5), and accounts: what a path holds in their place may be anything. */
const SHAPES = { call: /^call-\d+-[a-z2-7]{52}$/, account: /^\d{1,9}$/ } as const;

/** What is logged of a request: method, route and, where its path names them, the call and the account. */
export function placeOf({ method, params, routeOptions: { url } }: FastifyRequest): Record<string, string> {
  const named = Object.entries(SHAPES).flatMap(([name, shape]) => {
    const value = String((params as Record<string, unknown> | undefined)?.[name]);
    return shape.test(value) ? [[name, value] as const] : [];
  });
  return { method, route: url ?? 'unknown', ...Object.fromEntries(named) };
}

/** Adds the line: `error` for what failed here, `debug` for what only asks whether we are well, `info` for the rest. */
export function logRequests(api: FastifyInstance, log: Log): void {
  api.addHook('onResponse', async (request, { statusCode, elapsedTime }) => {
    const place = placeOf(request);
    const level = place.route?.startsWith('/health') ? 'debug' : statusCode >= 500 ? 'error' : 'info';
    log[level]({ ...place, status: statusCode, seconds: Math.round(elapsedTime) / 1000 }, 'request');
  });
}
