import * as z from 'zod';
import { base, ownLines, text, variableName } from './common.js';

/** Runs another flow of the document's `subflows` from its start, and continues when that has ended. Contract C2, D2c. */
export const subflow = z
  .strictObject({
    type: z.literal('subflow'),
    ...base,
    flow: z.string().describe("The `id` of one of the document's `subflows`."),
    with: z
      .record(variableName, text)
      .optional()
      .describe('Variable to a text whose variables are replaced: set, in order, before the subflow runs.'),
    lines: ownLines,
  })
  .describe("Runs another flow of the document's `subflows` from its start, and continues when that has ended.");
