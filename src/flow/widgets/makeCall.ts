import * as z from 'zod';
import { base, linesOfKeys, text } from './common.js';
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
    detectMachine: z
      .boolean()
      .default(false)
      .describe(
        'Whether a number that a machine answers counts as not reached, by line `machine`; to find out takes 1 to 5 s. False: there is no such line.',
      ),
    from: dialling.from.describe('The number shown to the party; left out: our number of the call.'),
    lines: linesOfKeys('next', 'busy', 'noAnswer', 'rejected', 'unreachable', 'machine', 'left', 'failure'),
  })
  .describe('Dials a number, or several in turn until one answers, and joins it to the caller.');
