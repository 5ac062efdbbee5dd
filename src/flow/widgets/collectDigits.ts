import * as z from 'zod';
import { base, linesOf, saveIn, sensitive } from './common.js';
import { prompt } from './prompt.js';

/** Asks for digits and saves them. Contract D2, D6. */
export const collectDigits = z
  .strictObject({
    type: z.literal('collectDigits'),
    ...base,
    prompt: prompt.optional(),
    saveIn: saveIn.describe('The variable that gets the digits, without the terminator.'),
    sensitive,
    min: z.number().int().min(1).max(64).default(1).describe('The fewest digits; at most `max`.'),
    max: z.number().int().min(1).max(64).default(20).describe('The most digits: they end the input.'),
    terminator: z.enum(['#', '*', '']).default('#').describe('The key that ends the input; `""`: none.'),
    firstDigitTimeout: z.number().min(1).max(60).default(5).describe('Seconds until the first digit.'),
    interDigitTimeout: z.number().min(1).max(60).default(3).describe('Seconds between two digits.'),
    attempts: z.number().int().min(1).max(10).default(3).describe('How often the widget asks.'),
    keepDigits: z.boolean().default(false).describe('Whether digits pressed before the widget count.'),
    pattern: z
      .string()
      .max(500)
      .optional()
      .describe(
        'A regular expression (RE2): digits that it does not match in whole are asked for again, as too few are.',
      ),
    lines: linesOf('next', 'noInput', 'invalid', 'failure'),
  })
  .refine((widget) => widget.min <= widget.max, { path: ['min'], message: '"min" is at most "max".' })
  .describe('Asks for digits and saves them.');
