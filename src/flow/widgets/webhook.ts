import * as z from 'zod';
import { leaveKey, base, linesOf, onMissing, saveIn, secretable, sensitive, text } from './common.js';

/** Methods of a request; the product's spelling `OPTION` is read as `OPTIONS`. Contract W1. */
const method = z
  .enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'OPTION'])
  .transform((name) => (name === 'OPTION' ? 'OPTIONS' : name));

/** How a request proves who sends it. Contract W3. */
export const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({
    type: z.literal('basic'),
    username: secretable.describe('A text or `{ secret: NAME }`; no colon.'),
    password: secretable.describe('A text or `{ secret: NAME }`.'),
  }),
  z.strictObject({ type: z.literal('bearer'), token: secretable.describe('A text or `{ secret: NAME }`.') }),
  z.strictObject({
    type: z.literal('hmac'),
    secret: secretable.describe('The key: a text or `{ secret: NAME }`.'),
    header: text
      .default('X-Signature')
      .describe(
        'The header that holds `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`; neither `Content-Type` nor one that frames the message.',
      ),
  }),
]);

/** A header, query parameter or form field. Contract W4, T5. */
function rowsOf(key: string, value: string) {
  const row = z.strictObject({
    key: text.min(1).describe(key),
    value: text.describe(value),
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

/** What every row of a mapping has. */
function rowAt(path: string) {
  return { saveIn, path: z.string().min(1).max(2000).describe(path), sensitive };
}

/** The rows of a mapping: how paths are written, and when a mandatory one fails. */
function mapOf(path: string, found: string) {
  const { sensitive, ...row } = rowAt(path);
  const mandatory = z.boolean().default(false).describe(`Whether it must be ${found}, else INVALID_RESPONSE_MAP.`);
  const rows = z.array(z.strictObject({ ...row, mandatory, sensitive })).max(100);
  return rows.default([]).describe('All rows are written, or none.');
}

const JSON_PATH = 'Starts with `data`.';
const XML_PATH = 'XPath 1.0.';
const dialect = z
  .enum(['rfc9535', 'jsonpath-plus'])
  .default('rfc9535')
  .describe('How paths are written: RFC 9535, or jsonpath-plus with two operators more.');
const namespaces = z
  .record(z.string(), z.string())
  .default({})
  .describe('`{ prefix: URI }`, besides the declarations of the root element.');

/** How an answer of 400 to 599 is read. Contract R7. */
const onFailure = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('json'),
      dialect,
      map: z
        .array(z.strictObject(rowAt(JSON_PATH)))
        .max(100)
        .default([]),
    }),
    z.strictObject({
      type: z.literal('xml'),
      namespaces,
      map: z
        .array(z.strictObject(rowAt(XML_PATH)))
        .max(100)
        .default([]),
    }),
  ])
  .optional()
  .describe(
    'How an answer of 400 to 599 is read: `{ type, map }` as in `response`, of type `json` or `xml`; its rows have no `mandatory`.',
  );

/** How the answer is read. Contract R4-R7. */
const response = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none'), onFailure }),
  z.strictObject({ type: z.literal('json'), dialect, map: mapOf(JSON_PATH, 'found and not null'), onFailure }),
  z.strictObject({ type: z.literal('xml'), namespaces, map: mapOf(XML_PATH, 'found'), onFailure }),
]);

/** Whether and how long the call waits for the answer. Contract H1-H5. */
export const wait = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('`false`: line 0 is taken at once, and the request runs in the background.'),
    timeout: z.number().min(1).max(60).default(60).describe('Seconds for the full answer, repeats included.'),
    holdMusic: z.boolean().default(false).describe('Whether the hold tune plays while a slow answer is awaited.'),
    onHangup: z
      .enum(['finish', 'abort'])
      .default('finish')
      .describe('When the caller hangs up: let the request end, or close its socket.'),
    leaveKey: leaveKey.describe(
      'The key (`0` to `9`, `*`, `#`) by which the caller leaves the wait: the socket is closed, line `left`.',
    ),
  })
  .prefault({})
  .describe('Whether and how long the call waits for the answer.');

/** Calls an external API and maps its answer to variables. Contract T, W, R and H. */
export const webhook = z
  .strictObject({
    type: z.literal('webhook'),
    ...base,
    request: z
      .strictObject({
        method: method.describe('`OPTION` is read as `OPTIONS`.'),
        url: text
          .min(1)
          .max(8192)
          .describe(
            '`https:`, or `http:` where the account has `httpEnabled`; no credentials; a fragment is not sent.',
          ),
        auth: auth.prefault({ type: 'none' }).describe('How the request proves who sends it.'),
        headers: rowsOf('A header name (an RFC 9110 token).', 'No line breaks or control characters.').describe(
          'Sent in this order, repeated names kept.',
        ),
        query: rowsOf('Percent-encoded.', 'Percent-encoded.').describe(
          "Appended to the URL's own query, in this order, repeated names kept.",
        ),
        body: body.prefault({ type: 'none' }).describe('Only `none` with GET and HEAD.'),
      })
      .describe('What is sent.'),
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
    lines: linesOf('success', 'failure', 'left'),
  })
  .describe('Calls an external API and maps its answer to variables.');
