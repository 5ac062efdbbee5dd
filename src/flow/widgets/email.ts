import * as z from 'zod';
import { MAX_RECIPIENTS } from '../documents/limits.js';
import { base, linesOf, onMissing, text } from './common.js';

const address = text.min(1).max(1000);
const addresses = z.union([address, z.array(address).min(1).max(MAX_RECIPIENTS)]);

/** Sends an email by the account's `smtp` server. Contract V4, W11, R2. */
export const email = z
  .strictObject({
    type: z.literal('email'),
    ...base,
    to: addresses.describe('One address, or a list.'),
    cc: addresses.optional().describe('Who gets a copy.'),
    subject: text.max(500).describe('Without line ends.'),
    text: text.min(1).max(65_536).describe('The email as plain text.'),
    html: text.min(1).max(65_536).optional().describe('The same as HTML.'),
    onMissing: onMissing.describe(
      'An absent variable in `subject`, `text` or `html`: INVALID_FLOW_VAR, or nothing in its place.',
    ),
    persist: z.boolean().default(false).describe("Whether the values written stay in the call's report (`persisted`)."),
    lines: linesOf('success', 'failure'),
  })
  .describe("Sends an email by the account's `smtp` server.");
