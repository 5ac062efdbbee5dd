import * as z from 'zod';
import { base } from './common.js';

/** Hangs up every leg and ends the flow. `cause` is a Q.850 code, 16 (normal clearing) by default. Contract D2. */
export const hangUp = z
  .strictObject({
    type: z.literal('hangUp'),
    ...base,
    cause: z.number().int().min(1).max(127).default(16).describe('A Q.850 cause; 16 is normal clearing.'),
    lines: z.strictObject({}).default({}),
  })
  .describe('Hangs up every leg and ends the flow.');
