/**
 * What the widgets that dial a further leg have in common. Contract B3, B4.
 * @module
 */
import * as z from 'zod';
import { leaveKey, text } from './common.js';

/** Seconds that a party is rung. */
export const ringSeconds = z.number().int().min(5).max(120);

/** Fields of a widget that dials a party and joins it to the caller. */
export const dialling = {
  /** The number shown to the party that is dialled; default: our own number of the call. */
  from: text.optional(),
  ringSeconds: ringSeconds.default(25),
  /** What the caller hears until then: the bridge's ringing tone, what the network of the other party sends, the hold tune. */
  whileRinging: z.enum(['ring', 'earlyMedia', 'hold']).default('ring'),
  /** The key by which the caller leaves the wait, by line `left`. */
  leaveKey,
  /** Whether the conversation is recorded. */
  record: z.boolean().default(false),
};
