import * as z from 'zod';
import { base, lineName, ownLines, text } from './common.js';

const operator = z.enum([
  ...['equals', 'notEquals', 'contains', 'notContains', 'startsWith', 'endsWith'],
  ...['matches', 'less', 'greater'],
] as const);

const comparison = z.strictObject({ left: text, op: operator, right: text });
const membership = z.strictObject({ left: text, op: z.literal('in'), right: z.array(text).min(1).max(100) });
const existence = z.strictObject({ left: text, op: z.literal('exists') });
const emptiness = z.strictObject({ left: text, op: z.literal('isEmpty') });

/** A condition: a comparison, the contrary of another condition, or all or any of several. Contract D2, D2c. */
export type Condition =
  | z.output<typeof comparison>
  | z.output<typeof membership>
  | z.output<typeof existence>
  | z.output<typeof emptiness>
  | { not: Condition }
  | { all: Condition[] }
  | { any: Condition[] };

const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.discriminatedUnion('op', [comparison, membership, existence, emptiness]),
    z.strictObject({ not: condition }),
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
          line: lineName.describe('The line that is taken.'),
          when: condition.describe('When it is taken.'),
        }),
      )
      .min(1)
      .max(100)
      .describe(
        '`{ line, when }` in order; `when` is `{ left, op, right }`, `{ not: ... }`, `{ all: [...] }` or `{ any: [...] }`.',
      ),
    lines: ownLines,
  })
  .describe('Takes the line of the first case that holds, else `otherwise`.');
