import * as z from 'zod';
import { base, linesOf, prompt } from './common.js';

/** Plays one or several prompts to the caller. Contract D2. */
export const play = z.strictObject({
  type: z.literal('play'),
  ...base,
  prompt,
  /** Whether a key ends the prompts; it counts for a later widget with `keepDigits`. */
  bargeIn: z.boolean().default(false),
  lines: linesOf('next', 'failure'),
});
