import * as z from 'zod';
import { type FunctionMethod, INTERNAL_FUNCTIONS, PARAMETER_GROUPS } from '../internal-functions.js';
import { base, linesOfKeys } from './common.js';
import { wait } from './webhook.js';

/** Calls an internal function. Contract F1-F5. */
export const internalFunction = z
  .strictObject({
    type: z.literal('function'),
    ...base,
    method: z
      .enum(Object.keys(INTERNAL_FUNCTIONS) as [FunctionMethod, ...FunctionMethod[]])
      .describe('The internal function.'),
    parameters: z
      .array(z.enum(PARAMETER_GROUPS))
      .max(PARAMETER_GROUPS.length)
      .default([])
      .describe(
        "Groups of variables that go with the request, beside the function's own inputs: `call`, `flow.key`, `user.key`.",
      ),
    wait,
    persist: z.boolean().default(false).describe("Whether the values written stay in the call's report (`persisted`)."),
    lines: linesOfKeys('success', 'failure', 'left'),
  })
  .describe('Calls an internal function.');
