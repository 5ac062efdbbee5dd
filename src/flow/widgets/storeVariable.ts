import * as z from 'zod';
import { base, linesOf, saveIn, sensitive, text } from './common.js';

/** Assigns values to variables, in order. Null, and a value that is one absent variable, clear the target. Contract D2, V3, V7. */
export const storeVariable = z
  .strictObject({
    type: z.literal('storeVariable'),
    ...base,
    assign: z
      .array(
        z.strictObject({
          saveIn,
          value: z
            .union([text, z.number(), z.boolean()], {
              error: 'A value is a text, a number, a boolean or null. A secret is none: name it where it is sent.',
            })
            .transform(String)
            .nullable()
            .describe('A text whose variables are replaced, a number or a boolean; null makes the variable absent.'),
          sensitive,
        }),
      )
      .min(1)
      .max(100)
      .describe('`{ saveIn, value, sensitive }` in order; `value` is a text, number or boolean, or null for none.'),
    lines: linesOf('next', 'failure'),
  })
  .describe('Assigns values to variables, in order.');
