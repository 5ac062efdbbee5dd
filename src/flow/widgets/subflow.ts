import * as z from 'zod';
import { base, flowId, ownLines, text, variableName } from './common.js';

/** Runs another flow, of the document's `subflows` or a stored one, and continues when that has ended. Contract C2, D2c. */
export const subflow = z
  .strictObject({
    type: z.literal('subflow'),
    ...base,
    flow: z
      .union([z.string(), z.strictObject({ id: flowId, version: z.number().int().min(1).optional() })], {
        error: 'A subflow is the id of one of the document, or { id, version } of a stored one.',
      })
      .describe(
        "The `id` of one of the document's `subflows`; or `{ id, version }` of a stored flow, without `version` the published one.",
      ),
    with: z
      .record(variableName, text)
      .optional()
      .describe('Variable to a text whose variables are replaced: set, in order, before the subflow runs.'),
    lines: ownLines,
  })
  .describe("Runs another flow, of the document's `subflows` or a stored one, and continues when that has ended.");
