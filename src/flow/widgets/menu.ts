import * as z from 'zod';
import { base, ownLines, saveIn } from './common.js';
import { prompt } from './prompt.js';

/** Plays a prompt and takes the line of the key that is pressed. Contract D2, D2c, D6. */
export const menu = z
  .strictObject({
    type: z.literal('menu'),
    ...base,
    prompt: prompt.optional(),
    keys: z
      .record(
        z.string().regex(/^[0-9*#]$/, 'A key is one of 0 to 9, "*" and "#".'),
        z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/),
      )
      .refine((keys) => Object.keys(keys).length > 0, 'A menu has at least one key.')
      .describe('Key (`0` to `9`, `*`, `#`) to the name of its line; at least one.'),
    saveIn: saveIn
      .optional()
      .describe('The variable that gets the key whose line is taken: `$flow.key.NAME` or `$user.key.NAME`.'),
    attempts: z.number().int().min(1).max(10).default(3).describe('How often the widget asks.'),
    timeout: z.number().min(1).max(60).default(5).describe('Seconds until a key is pressed.'),
    keepDigits: z.boolean().default(false).describe('Whether a key pressed before the widget counts.'),
    lines: ownLines,
  })
  .describe('Plays a prompt and takes the line of the key that is pressed.');
