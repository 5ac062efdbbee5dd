import * as z from 'zod';
import { hours } from '../documents/account.js';
import { base, linesOf, text } from './common.js';

/** Takes a line by the business hours: the widget's own, else the account's. Contract D3. */
export const timeCondition = z
  .strictObject({
    type: z.literal('timeCondition'),
    ...base,
    hours: hours.optional().describe("Business hours; left out: the account's."),
    timeZone: text.optional().describe("IANA name; left out: the account's."),
    lines: linesOf('open', 'closed', 'holiday', 'failure'),
  })
  .describe("Takes a line by the business hours: the widget's own, else the account's.");
