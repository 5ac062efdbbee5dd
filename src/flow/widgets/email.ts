import * as z from 'zod';
import { MAX_RECIPIENTS } from '../documents/limits.js';
import { base, linesOf, text } from './common.js';

const address = text.min(1).max(1000);
const addresses = z.union([address, z.array(address).min(1).max(MAX_RECIPIENTS)]);

/** Sends an email by the account's `smtp` server. Contract V4, W11, R2. */
export const email = z.strictObject({
  type: z.literal('email'),
  ...base,
  to: addresses,
  cc: addresses.optional(),
  subject: text.max(500),
  text: text.min(1).max(65_536),
  html: text.min(1).max(65_536).optional(),
  persist: z.boolean().default(false),
  lines: linesOf('success', 'failure'),
});
