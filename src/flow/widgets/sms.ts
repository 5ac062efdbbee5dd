import * as z from 'zod';
import { MAX_SMS_CHARACTERS } from '../documents/limits.js';
import { base, linesOf, text } from './common.js';

/** Sends a text message by the account's `sms` provider. Contract T3, W8, R2, H4. */
export const sms = z.strictObject({
  type: z.literal('sms'),
  ...base,
  to: text.min(1).max(200),
  text: text.min(1).max(MAX_SMS_CHARACTERS),
  from: text.min(1).max(200).optional(),
  persist: z.boolean().default(false),
  lines: linesOf('success', 'failure'),
});
