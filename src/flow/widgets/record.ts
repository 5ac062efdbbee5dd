import * as z from 'zod';
import { base, linesOf, saveIn, sensitive } from './common.js';

/** Records the caller; the recording is named in the flow end. Contract B3, E3. */
export const record = z
  .strictObject({
    type: z.literal('record'),
    ...base,
    saveIn: saveIn.optional().describe('The variable that gets the URL of the recording.'),
    sensitive: sensitive.describe(
      'Whether the URL of the recording is sensitive: wherever it is shown, `***` stands in its place.',
    ),
    maxSeconds: z.number().int().min(1).max(3600).default(120).describe('The longest recording, in seconds.'),
    silenceSeconds: z.number().int().min(1).max(60).default(5).describe('Seconds of silence that end the recording.'),
    terminator: z.enum(['#', '*', '']).default('#').describe('The key that ends the recording; `""`: none.'),
    beep: z.boolean().default(true).describe('Whether a beep comes first.'),
    lines: linesOf('next', 'noInput', 'failure'),
  })
  .describe('Records the caller; the recording is named in the flow end.');
