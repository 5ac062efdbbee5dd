import * as z from 'zod';
import { base, linesOf, saveIn } from './common.js';

/** Counts its visits in the call: `next` up to the limit, then `exceeded`. */
export const counter = z.strictObject({
  type: z.literal('counter'),
  ...base,
  limit: z.number().int().min(1).max(1000),
  saveIn: saveIn.optional(),
  lines: linesOf('next', 'exceeded'),
});
