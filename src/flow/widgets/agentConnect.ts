import * as z from 'zod';
import { base, linesOfKeys, text } from './common.js';
import { dialling } from './dialling.js';

/** Picks an available agent of the account, rings it and joins it to the caller. Contract F4, B3. */
export const agentConnect = z
  .strictObject({
    type: z.literal('agentConnect'),
    ...base,
    agents: z
      .array(text)
      .min(1)
      .max(100)
      .optional()
      .describe("Numbers of the account's agents; left out: all of them."),
    strategy: z
      .enum(['roundRobin', 'longestIdle', 'fixedOrder'])
      .default('roundRobin')
      .describe(
        'Which agent is rung first: the one picked least recently, the one whose last conversation ended first, or the first in the list.',
      ),
    attempts: z.number().int().min(1).max(20).default(3).describe('Agents that are rung at most, one after the other.'),
    ...dialling,
    from: dialling.from.describe("The number shown to the agent; left out: the caller's."),
    lines: linesOfKeys('next', 'overflow', 'left', 'failure'),
  })
  .describe('Picks an available agent of the account, rings it and joins it to the caller.');
