/**
 * Which numbers calls of an account may dial or be handed over to, and how many a day: what a fraud or a slip can cost. Contract D3.
 * @module
 */
import * as z from 'zod';

/** The limits of an account; without them its calls dial what a flow says. */
export const dialling = z.strictObject({
  allow: z
    .array(
      z
        .string()
        .max(100)
        .regex(
          /^\+?[0-9A-Za-z*#_][0-9A-Za-z*#_ ().-]*$/,
          'A number, or how numbers begin with `*` at the end: `+4930*`.',
        ),
    )
    .max(1000)
    .optional()
    .describe(
      'The numbers that may be dialled: `100`, or `+4930*` for all that begin so. They are compared without `+`, blanks, dots, dashes and brackets; `[]`: none. Left out: all.',
    ),
  perDay: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe(
      "How many numbers are dialled in a day of the account's time zone, over all of its calls. Left out: any number.",
    ),
});
