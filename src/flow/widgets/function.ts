import * as z from 'zod';
import { type FunctionMethod, INTERNAL_FUNCTIONS, PARAMETER_GROUPS } from '../internal-functions.js';
import { base, linesOf } from './common.js';
import { wait } from './webhook.js';

/** Calls an internal function. Contract F1-F5. */
export const internalFunction = z.strictObject({
  type: z.literal('function'),
  ...base,
  method: z.enum(Object.keys(INTERNAL_FUNCTIONS) as [FunctionMethod, ...FunctionMethod[]]),
  /** The groups of variables that go with the request, beside the function's own inputs. */
  parameters: z.array(z.enum(PARAMETER_GROUPS)).max(PARAMETER_GROUPS.length).default([]),
  wait,
  persist: z.boolean().default(false),
  lines: linesOf('success', 'failure', 'left'),
});
