/**
 * `/v1/accounts/:account/audit`: what was changed through the API, which private records were read, and what was refused.
 * @module
 */
import * as z from 'zod';
import { type Asked, route } from '../route.js';
import { moment, pageOf, pageQuery } from './schemas.js';

const entry = z.object({
  by: z.string().describe('Id of a key, or `operator`'),
  action: z.string(),
  target: z.record(z.string(), z.string()),
  outcome: z.enum(['changed', 'read', 'refused']),
  fields: z.array(z.string()).nullable().describe('JSON pointers of what a change set; null before 0.7.0'),
  at: moment,
});

/** The route. */
export const auditRoutes = [
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/audit', scope: 'account:read', tag: 'accounts' },
    summary: 'List what was done through the API, by which key and when: changes, reads of private records, refusals',
    query: pageQuery,
    answers: { 200: pageOf(entry) },
    handler: list,
  }),
];

async function list({ context: { store }, owner, query }: Asked<{ query: typeof pageQuery }>) {
  const { items, next } = await store.audit.list(owner.id, query);
  return { items: items.map((entry) => ({ ...entry, at: entry.at.toISOString() })), next };
}
