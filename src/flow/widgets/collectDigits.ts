import * as z from 'zod';
import { base, linesOf, prompt, saveIn } from './common.js';

/** Asks for digits and saves them. Contract D2, D6. */
export const collectDigits = z
  .strictObject({
    type: z.literal('collectDigits'),
    ...base,
    prompt: prompt.optional(),
    saveIn,
    min: z.number().int().min(1).max(64).default(1),
    max: z.number().int().min(1).max(64).default(20),
    terminator: z.enum(['#', '*', '']).default('#'),
    firstDigitTimeout: z.number().min(1).max(60).default(5),
    interDigitTimeout: z.number().min(1).max(60).default(3),
    attempts: z.number().int().min(1).max(10).default(3),
    keepDigits: z.boolean().default(false),
    /** RE2; digits that it does not match in whole are asked for again, as too few are. */
    pattern: z.string().max(500).optional(),
    lines: linesOf('next', 'noInput', 'invalid', 'failure'),
  })
  .refine((widget) => widget.min <= widget.max, { path: ['min'], message: '"min" is at most "max".' });
