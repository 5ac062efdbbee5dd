import * as z from 'zod';
import { hours } from '../documents/account.js';
import { base, linesOf, text } from './common.js';

/** Takes a line by the business hours: the widget's own, else the account's. Contract D3. */
export const timeCondition = z.strictObject({
  type: z.literal('timeCondition'),
  ...base,
  hours: hours.optional(),
  timeZone: text.optional(),
  lines: linesOf('open', 'closed', 'holiday', 'failure'),
});
