import * as z from 'zod';
import { base, linesOf, saveIn } from './common.js';

/** Records the caller; the recording is named in the flow end. Contract B3, E3. */
export const record = z.strictObject({
  type: z.literal('record'),
  ...base,
  saveIn: saveIn.optional(),
  maxSeconds: z.number().int().min(1).max(3600).default(120),
  silenceSeconds: z.number().int().min(1).max(60).default(5),
  terminator: z.enum(['#', '*', '']).default('#'),
  beep: z.boolean().default(true),
  lines: linesOf('next', 'noInput', 'failure'),
});
