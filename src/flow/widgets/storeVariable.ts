import * as z from 'zod';
import { base, linesOf, saveIn, text } from './common.js';

/** Assigns values to variables, in order. A value that is one absent variable clears the target. Contract D2, V3. */
export const storeVariable = z
  .strictObject({
    type: z.literal('storeVariable'),
    ...base,
    assign: z
      .array(
        z.strictObject({
          saveIn,
          value: z
            .union([text, z.number(), z.boolean()])
            .transform(String)
            .describe('A text whose variables are replaced, a number or a boolean.'),
        }),
      )
      .min(1)
      .max(100)
      .describe('`{ saveIn, value }` in order; `value` is a text, number or boolean.'),
    lines: linesOf('next', 'failure'),
  })
  .describe('Assigns values to variables, in order.');
