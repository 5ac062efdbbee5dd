import * as z from 'zod';
import { leaveKey, base, linesOfKeys, onMissing, secretable, text } from './common.js';
import { auth, tls } from './request-auth.js';
import { response } from './response.js';
import { timeline } from './timeline.js';

/** Methods of a request; the product's spelling `OPTION` is read as `OPTIONS`. Contract W1. */
const method = z
  .enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'OPTION'])
  .transform((name) => (name === 'OPTION' ? 'OPTIONS' : name));

/** A header, query parameter or form field. Contract W4, T5. */
function rowsOf(key: string, value: string) {
  const row = z.strictObject({
    key: text.min(1).describe(key),
    value: secretable.describe(`${value} A text or \`{ secret: NAME }\`.`),
    mandatory: z
      .boolean()
      .default(false)
      .describe('Whether it must have a value, else INVALID_FLOW_VAR; a row that need not have one is dropped.'),
  });
  return z.array(row).max(100).default([]);
}

/** The body of a request. Contract W5, W7, T3-T6. */
const body = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({
    type: z.literal('json'),
    content: z.json().describe('A text that becomes JSON, or a JSON value whose strings are templates.'),
    onMissing,
  }),
  z.strictObject({ type: z.literal('xml'), content: text.describe('Well formed, without DOCTYPE.'), onMissing }),
  z.strictObject({ type: z.literal('text'), content: text.describe('Variables are inserted raw.'), onMissing }),
  z.strictObject({
    type: z.literal('form'),
    fields: rowsOf('The name of the field.', 'Encoded as the encoding needs.').describe(
      'Sent in this order, repeated names kept.',
    ),
    encoding: z
      .enum(['urlencoded', 'multipart'])
      .default('urlencoded')
      .describe('`application/x-www-form-urlencoded` or `multipart/form-data`.'),
  }),
]);

/** How long the call waits for an answer, and what the caller hears meanwhile. Contract H1, H2, H5-H7. */
export const waitFields = {
  timeout: z.number().min(1).max(60).default(60).describe('Seconds for the full answer, repeats included.'),
  holdMusic: z.boolean().default(false).describe('Whether the hold tune plays while a slow answer is awaited.'),
  onHangup: z
    .enum(['finish', 'abort'])
    .default('finish')
    .describe('When the caller hangs up: let the request end, or close its socket.'),
  leaveKey: leaveKey.describe(
    'The key (`0` to `9`, `*`, `#`) by which the caller leaves the wait from its start, by line `left`.',
  ),
  timeline: timeline
    .optional()
    .describe(
      "What the caller hears while the wait lasts: entries in order; left out: the account's `waitTimeline`; `[]`: nothing.",
    ),
  onLeave: z
    .enum(['abort', 'finish'])
    .default('abort')
    .describe('When a key leaves the wait: close the socket of the request, or let the request end.'),
  finishPrompt: z
    .boolean()
    .default(false)
    .describe('Whether an answer waits for the end of the prompt that is being heard, 10 seconds at most.'),
};

/** Whether and how long the call waits for the answer, and what the caller hears meanwhile. Contract H1-H7. */
export const wait = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('`false`: line 0 is taken at once, and the request runs in the background.'),
    ...waitFields,
  })
  .prefault({})
  .describe('Whether and how long the call waits for the answer.');

/** What is sent. Contract W, T. */
const request = z.strictObject({
  method: method.describe('`OPTION` is read as `OPTIONS`.'),
  url: text
    .min(1)
    .max(8192)
    .describe('`https:`, or `http:` where the account has `httpEnabled`; no credentials; a fragment is not sent.'),
  auth: auth.prefault({ type: 'none' }).describe('How the request proves who sends it.'),
  tls: tls
    .optional()
    .describe('A client certificate, and authorities of its own: for targets that want the one or have the other.'),
  redirects: z
    .number()
    .int()
    .min(1)
    .max(5)
    .optional()
    .describe('How many redirects are followed; left out: none, and a redirect is a failure.'),
  headers: rowsOf('A header name (an RFC 9110 token).', 'No line breaks or control characters.').describe(
    'Sent in this order, repeated names kept.',
  ),
  query: rowsOf('Percent-encoded.', 'Percent-encoded.').describe(
    "Appended to the URL's own query, in this order, repeated names kept.",
  ),
  body: body.prefault({ type: 'none' }).describe('Only `none` with GET and HEAD.'),
});

/** The request that takes back what a webhook did. Contract H10. */
const undo = z
  .strictObject({
    request: request.describe(
      'What is sent, as `request` of the widget. Its variables have the values that they had when the webhook was sent, and those of the rows that the answer wrote.',
    ),
    on: z
      .array(z.enum(['completed', 'hungUp', 'failed', 'cancelled', 'timedOut']))
      .min(1)
      .max(5)
      .default(['failed', 'cancelled', 'timedOut'])
      .describe('The outcomes of the call after which it is sent, unless `keep` took it back.'),
    unknown: z
      .boolean()
      .default(false)
      .describe(
        'Whether it is also sent when nobody knows what the webhook did: after TIMEOUT, CONNECTION_FAILURE, or a request that was cut.',
      ),
  })
  .optional()
  .describe('The request that takes back what this one did, when the call ends as `on` says.');

/** Calls an external API and maps its answer to variables. Contract T, W, R and H. */
export const webhook = z
  .strictObject({
    type: z.literal('webhook'),
    ...base,
    request: request.describe('What is sent.'),
    response: response.prefault({ type: 'none' }).describe('How the answer is read.'),
    wait,
    persist: z.boolean().default(false).describe("Whether the values written stay in the call's report (`persisted`)."),
    retry: z
      .strictObject({
        attempts: z
          .number()
          .int()
          .min(1)
          .max(5)
          .optional()
          .describe('Requests in all; left out: 3 for GET, HEAD, PUT, DELETE and OPTIONS, 1 for POST and PATCH.'),
        resend: z
          .boolean()
          .default(true)
          .describe('`false`: a request that a crash of the engine cut is not sent again.'),
      })
      .prefault({})
      .describe('How often the request is repeated.'),
    undo,
    lines: linesOfKeys('success', 'failure', 'left'),
  })
  .describe('Calls an external API and maps its answer to variables.');
