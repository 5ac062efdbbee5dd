import * as z from 'zod';
import { base, linesOf, saveIn } from './common.js';

/** Counts its visits in the call: `next` up to the limit, then `exceeded`. */
export const counter = z
  .strictObject({
    type: z.literal('counter'),
    ...base,
    limit: z.number().int().min(1).max(1000).describe('Visits that take `next`; those after them take `exceeded`.'),
    saveIn: saveIn.optional().describe('The variable that gets the count.'),
    lines: linesOf('next', 'exceeded'),
  })
  .describe('Counts its visits in the call: `next` up to the limit, then `exceeded`.');
