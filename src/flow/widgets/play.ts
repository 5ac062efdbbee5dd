import * as z from 'zod';
import { base, linesOf } from './common.js';
import { prompt } from './prompt.js';

/** Plays one or several prompts to the caller. Contract D2. */
export const play = z
  .strictObject({
    type: z.literal('play'),
    ...base,
    prompt,
    bargeIn: z
      .boolean()
      .default(false)
      .describe('Whether a key ends the prompts; it counts for a later widget with `keepDigits`.'),
    lines: linesOf('next', 'failure'),
  })
  .describe('Plays one or several prompts to the caller.');
