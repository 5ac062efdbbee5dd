import * as z from 'zod';
import { MAX_SMS_CHARACTERS } from '../documents/limits.js';
import { base, linesOf, onMissing, text } from './common.js';

/** Sends a text message by the account's `sms` provider. Contract T3, W8, R2, H4. */
export const sms = z
  .strictObject({
    type: z.literal('sms'),
    ...base,
    to: text.min(1).max(200).describe('One number.'),
    text: text
      .min(1)
      .max(MAX_SMS_CHARACTERS)
      .describe('The message; the limit also holds once variables are filled in.'),
    from: text.min(1).max(200).optional().describe("The sender; left out: that of the account's `sms`."),
    template: text
      .min(1)
      .max(200)
      .optional()
      .describe(
        "The provider's id of the template that the message follows (DLT), for `{template}` in the account's `sms.body`.",
      ),
    onMissing: onMissing.describe('An absent variable in `text`: INVALID_FLOW_VAR, or nothing in its place.'),
    persist: z.boolean().default(false).describe("Whether the values written stay in the call's report (`persisted`)."),
    lines: linesOf('success', 'failure'),
  })
  .describe("Sends a text message by the account's `sms` provider.");
