/**
 * What a caller hears while a wait lasts, and the keys by which the wait is left. Contract H6, H7.
 * @module
 */
import * as z from 'zod';
import { prompt } from './prompt.js';

const moment = {
  at: z.number().min(1).max(3600).describe('Seconds since the wait began; each entry has more than the one before it.'),
  prompt: prompt.describe('What the caller hears then, over the tune, which comes back afterwards.'),
  every: z
    .number()
    .min(5)
    .max(3600)
    .optional()
    .describe('Of the last entry: it is heard again so many seconds after the end of its prompt, and so on.'),
};

/** Keys that leave a wait, from an entry on. */
const keys = z
  .record(
    z.string().regex(/^[0-9*#]$/, 'A key is one of 0 to 9, "*" and "#".'),
    z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'A line is a letter, then up to 63 letters, digits, "_" or "-".'),
  )
  .optional()
  .describe('Key (`0` to `9`, `*`, `#`) to the name of the line by which it leaves the wait from this entry on.');

/** The timeline of one wait. */
export const timeline = z.array(z.strictObject({ ...moment, keys })).max(10);

/** The timeline of an account, for waits that have none of their own. */
export const waitTimeline = z.array(z.strictObject(moment)).max(10);

/** One entry of a timeline; those of an account have no keys. */
export type TimelineEntry = z.output<typeof timeline>[number];
