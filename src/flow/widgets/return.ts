import * as z from 'zod';
import { base, lineName, linesOf } from './common.js';

/** Ends a subflow by a line of the widget that runs it. Contract D2c. */
export const returnWidget = z
  .strictObject({
    type: z.literal('return'),
    ...base,
    line: lineName.describe('The line of the `subflow` widget that is taken.'),
    lines: linesOf(),
  })
  .describe('Ends a subflow by a line of the `subflow` widget that runs it.');
