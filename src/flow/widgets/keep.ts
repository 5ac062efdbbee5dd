import * as z from 'zod';
import { base, linesOf, widgetKey } from './common.js';

/** Takes declared undo back: what those webhooks did stays, however the call ends. Contract H10. */
export const keep = z
  .strictObject({
    type: z.literal('keep'),
    ...base,
    of: z
      .array(widgetKey)
      .min(1)
      .max(100)
      .optional()
      .describe('Keys of webhooks with `undo`; left out: all of them, also those of subflows.'),
    lines: linesOf('next'),
  })
  .describe('Takes declared undo back: what those webhooks did stays, however the call ends.');
