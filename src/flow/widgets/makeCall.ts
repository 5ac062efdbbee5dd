import * as z from 'zod';
import { base, linesOf, text } from './common.js';
import { dialling } from './dialling.js';

/** Dials a number, or several in turn until one answers, and joins it to the caller. Contract B3, B4. */
export const makeCall = z
  .strictObject({
    type: z.literal('makeCall'),
    ...base,
    to: z
      .union([text, z.array(text).min(1).max(10)])
      .describe('The number to dial, or several, dialled in turn until one answers.'),
    ...dialling,
    from: dialling.from.describe('The number shown to the party; left out: our number of the call.'),
    lines: linesOf('next', 'busy', 'noAnswer', 'rejected', 'unreachable', 'left', 'failure'),
  })
  .describe('Dials a number, or several in turn until one answers, and joins it to the caller.');
