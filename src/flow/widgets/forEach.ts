import * as z from 'zod';
import { base, linesOf, saveIn, variableName } from './common.js';

/** Moves to the next item of a list at each visit. Contract D2c, R5, R5b. */
export const forEach = z
  .strictObject({
    type: z.literal('forEach'),
    ...base,
    over: variableName.describe(
      'The variable that the list was saved in: `$flow.key.slot`, no template and without a number.',
    ),
    saveIn: saveIn.describe(
      'The variable that gets the item; where items have fields, `NAME_FIELD` for each. `NAME_index` gets its number.',
    ),
    lines: linesOf('item', 'done'),
  })
  .describe('Moves to the next item of a list at each visit.');
