import * as z from 'zod';
import { base, linesOf } from './common.js';

/** Runs another flow of the document's `subflows` from its start, and goes on when that has ended. Contract C2. */
export const subflow = z
  .strictObject({
    type: z.literal('subflow'),
    ...base,
    flow: z.string().describe("The `id` of one of the document's `subflows`."),
    lines: linesOf('next', 'failure'),
  })
  .describe("Runs another flow of the document's `subflows` from its start, and continues when that has ended.");
