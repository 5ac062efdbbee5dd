import * as z from 'zod';
import { base, linesOf, prompt, text } from './common.js';
import { ringSeconds } from './dialling.js';

/** Hands the caller over to a number; the call goes on without a leg. Contract B3, B4. */
export const transfer = z.strictObject({
  type: z.literal('transfer'),
  ...base,
  to: text,
  mode: z.enum(['blind', 'attended']).default('blind'),
  from: text.optional(),
  ringSeconds: ringSeconds.default(25),
  announce: prompt.optional(),
  lines: linesOf('next', 'busy', 'noAnswer', 'rejected', 'unreachable', 'failure'),
});
