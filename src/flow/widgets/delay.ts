import * as z from 'zod';
import { base, linesOf, text } from './common.js';

/** Pauses the flow for 1 to 3,600 seconds. Contract D2. */
export const delay = z
  .strictObject({
    type: z.literal('delay'),
    ...base,
    seconds: z
      .union([z.number().min(1).max(3600), text])
      .describe('Seconds: a number, or a text whose variables give one.'),
    lines: linesOf('next'),
  })
  .describe('Pauses the flow.');
