/**
 * The caller file: what the simulated other side does, in order. Contract D6.
 * @module
 */
import * as z from 'zod';

const digits = z.string().regex(/^[0-9*#]+$/, 'Digits are 0 to 9, "*" and "#".');

const step = z.union([
  z.strictObject({ press: digits, now: z.boolean().default(false) }),
  z.strictObject({ say: z.string(), now: z.boolean().default(false) }),
  z.strictObject({ hangUp: z.literal(true) }),
  z.strictObject({ wait: z.number().min(0).max(14_400) }),
  z.strictObject({
    until: z.union([z.strictObject({ widget: z.string() }), z.strictObject({ joined: z.literal(true) })]),
  }),
]);

const steps = z.array(step).max(1000).default([]).describe('What the party does, in order.');

/** How a number behaves that the flow dials: whether and when it is answered, and what the party does then. */
const dialled = z.strictObject({
  answers: z.boolean().default(true).describe('Whether the number answers.'),
  after: z
    .number()
    .min(0)
    .max(600)
    .default(1)
    .describe('Seconds from the first ring to the answer, or to the refusal.'),
  because: z
    .enum(['busy', 'noAnswer', 'rejected', 'unreachable'])
    .default('noAnswer')
    .describe('Why it is not answered, where `answers` is false.'),
  machine: z
    .boolean()
    .default(false)
    .describe('Whether an answering machine answers, where the flow lets that be found out.'),
  earlyMedia: z.boolean().default(false).describe('Whether its network sends sound before the answer.'),
  steps,
});

/** One simulated caller, and how each number that the flow dials behaves. */
export const caller = z.strictObject({
  from: z.string().default('919800000001').describe('The number presented.'),
  to: z.string().default('912200000002').describe('The number dialled.'),
  realTime: z.boolean().default(false).describe('Whether prompts are really waited for.'),
  steps,
  legs: z
    .record(z.string(), dialled)
    .default({})
    .describe(
      'How each number behaves that the flow dials; another one answers after 1 s, and hangs up 10 s after it was joined.',
    ),
});

/** A caller file as the simulator sees it. */
export type Caller = z.output<typeof caller>;
/** One step of a caller. */
export type CallerStep = Caller['steps'][number];
/** How a number behaves that the flow dials. */
export type DialledParty = Caller['legs'][string];
