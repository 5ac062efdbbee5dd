import * as z from 'zod';
import { base, linesOf } from './common.js';

/** Answers the call's first leg. Contract D2. */
export const answerCall = z
  .strictObject({
    type: z.literal('answerCall'),
    ...base,
    lines: linesOf('next', 'failure'),
  })
  .describe("Answers the call's first leg.");
