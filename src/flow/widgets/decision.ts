import * as z from 'zod';
import { base, ownLines, text } from './common.js';

const operator = z.enum(['equals', 'notEquals', 'contains', 'startsWith', 'matches', 'less', 'greater']);

const comparison = z.strictObject({ left: text, op: operator, right: text });
const existence = z.strictObject({ left: text, op: z.literal('exists') });

/** A condition: a comparison, or all or any of several. Contract D2. */
export type Condition =
  z.output<typeof comparison> | z.output<typeof existence> | { all: Condition[] } | { any: Condition[] };

const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.discriminatedUnion('op', [comparison, existence]),
    z.strictObject({ all: z.array(condition).min(1).max(100) }),
    z.strictObject({ any: z.array(condition).min(1).max(100) }),
  ]),
);

/** Takes the line of the first case that holds, else `otherwise`. Contract D2. */
export const decision = z
  .strictObject({
    type: z.literal('decision'),
    ...base,
    cases: z
      .array(
        z.strictObject({
          line: z
            .string()
            .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/)
            .describe('The line that is taken.'),
          when: condition.describe('When it is taken.'),
        }),
      )
      .min(1)
      .max(100)
      .describe('`{ line, when }` in order; `when` is `{ left, op, right }`, `{ all: [...] }` or `{ any: [...] }`.'),
    lines: ownLines,
  })
  .describe('Takes the line of the first case that holds, else `otherwise`.');
