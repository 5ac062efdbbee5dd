/**
 * What the widgets that dial a further leg have in common. Contract B3, B4.
 * @module
 */
import * as z from 'zod';
import { leaveKey, text } from './common.js';
import { timeline } from './timeline.js';

/** Seconds that a party is rung. */
export const ringSeconds = z.number().int().min(5).max(120).describe('Seconds that a party is rung.');

/** Fields of a widget that dials a party and joins it to the caller. */
export const dialling = {
  from: text.optional().describe('The number shown to the party that is dialled.'),
  ringSeconds: ringSeconds.default(25),
  whileRinging: z
    .enum(['ring', 'earlyMedia', 'hold'])
    .default('ring')
    .describe(
      "What the caller hears until the answer: the bridge's ringing tone, what the network of the other party sends, or the hold tune.",
    ),
  leaveKey,
  timeline: timeline
    .optional()
    .describe('What the caller hears until the answer: entries in order. After a prompt the hold tune plays.'),
  record: z.boolean().default(false).describe('Whether the conversation is recorded.'),
};
