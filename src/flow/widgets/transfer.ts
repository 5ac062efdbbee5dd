import * as z from 'zod';
import { base, linesOf, text } from './common.js';
import { ringSeconds } from './dialling.js';
import { prompt } from './prompt.js';

/** Hands the caller over to a number; the call goes on without a leg. Contract B3, B4. */
export const transfer = z
  .strictObject({
    type: z.literal('transfer'),
    ...base,
    to: text.describe('The number that the caller is handed over to.'),
    mode: z
      .enum(['blind', 'attended'])
      .default('blind')
      .describe(
        '`blind` hands over as the party answers; `attended` lets the party hear `announce` first, while the caller hears the hold tune.',
      ),
    from: text.optional().describe('The number shown to the party; left out: our number of the call.'),
    ringSeconds: ringSeconds.default(25),
    announce: prompt.optional().describe('What the party hears before the hand-over, with `attended`.'),
    lines: linesOf('next', 'busy', 'noAnswer', 'rejected', 'unreachable', 'failure'),
  })
  .describe('Hands the caller over to a number; the call continues without a leg.');
