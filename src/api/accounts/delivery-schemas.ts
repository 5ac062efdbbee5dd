/**
 * Shapes of the routes for deliveries and endpoints.
 * @module
 */
import * as z from 'zod';
import { isUndoId } from '../../engine/undo-task.js';
import type { OnlyDeliveries, StoredDelivery } from '../../store/deliveries.js';
import { moment, plainText } from './schemas.js';

const state = z.enum(['pending', 'delivered', 'dead']);

/** Which deliveries are meant, beside their state. */
export const deliveryFilter = z.object({
  target: plainText(2000)
    .regex(/^https?:\/\/[^/?#]+/)
    .optional()
    .describe('Only those to this origin, or to URLs that begin so'),
  since: moment.optional().describe('Only those that left their calls from then on'),
});

/** The same, with the state. */
export const deliveryQuery = deliveryFilter.extend({ state: state.optional() });

/** A delivery in a list. */
export const delivery = z.object({
  id: z.string().describe('The `webhook-id`; of undo requests the workflow that sends them'),
  kind: z.enum(['flowEnd', 'undo']).describe('A flow end, or the undo requests of a call'),
  call: z.string(),
  url: z.string().nullable(),
  state,
  attempts: z.number().int(),
  detail: z.string().describe('Of the last attempt'),
  createdAt: moment,
  updatedAt: moment,
});

/** An attempt in a log. */
export const attempt = z.object({
  by: z.enum(['call', 'delivery', 'replay']).describe('Made by the call, after it, or when it was sent again'),
  at: moment,
  status: z.number().int().nullable().describe('Null: no answer came'),
  detail: z.string().describe('The status, or why there is no status'),
  durationMs: z.number().int(),
  answer: z.string().nullable().describe('The first KB of its body'),
});

/** What a filter of a request asks the store for. */
export function only({ since, ...rest }: z.infer<typeof deliveryQuery>): OnlyDeliveries {
  // A database has no year 0.
  return { ...rest, since: since === undefined ? undefined : new Date(Math.max(0, Date.parse(since))) };
}

/** A delivery as the API shows it. */
export function shownDelivery({ id, call, url, state, attempts, detail, createdAt, updatedAt }: StoredDelivery) {
  const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  const kind = isUndoId(id) ? ('undo' as const) : ('flowEnd' as const);
  return { id, kind, call, url, state, attempts, detail, ...times };
}
