import * as z from 'zod';
import { base, linesOf, text } from './common.js';
import { dialling } from './dialling.js';

/** Picks an available agent of the account, rings it and joins it to the caller. Contract F4, B3. */
export const agentConnect = z.strictObject({
  type: z.literal('agentConnect'),
  ...base,
  agents: z.array(text).min(1).max(100).optional(),
  strategy: z.enum(['roundRobin', 'longestIdle', 'fixedOrder']).default('roundRobin'),
  attempts: z.number().int().min(1).max(20).default(3),
  ...dialling,
  lines: linesOf('next', 'overflow', 'left', 'failure'),
});
