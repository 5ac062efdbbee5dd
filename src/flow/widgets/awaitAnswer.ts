import * as z from 'zod';
import { base, linesOfKeys, widgetKey } from './common.js';
import { waitFields } from './webhook.js';

/** Collects the answer of a webhook or function that was not waited for. Contract H9. */
export const awaitAnswer = z
  .strictObject({
    type: z.literal('awaitAnswer'),
    ...base,
    of: widgetKey.describe(
      'Key of the `webhook` or `function` whose answer is collected: one with `"wait": { "enabled": false }`, or whose wait may be left with `"onLeave": "finish"`. Its latest visit counts.',
    ),
    wait: z
      .strictObject(waitFields)
      .prefault({})
      .describe('How long the call waits for the answer, and what the caller hears meanwhile.'),
    lines: linesOfKeys('success', 'failure', 'left'),
  })
  .describe('Collects the answer of a webhook or function that was asked before.');
