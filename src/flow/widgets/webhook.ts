import * as z from 'zod';
import { leaveKey, base, linesOf, saveIn, secretable, text } from './common.js';

/** Methods of a request; the product's spelling `OPTION` is read as `OPTIONS`. Contract W1. */
const method = z
  .enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'OPTION'])
  .transform((name) => (name === 'OPTION' ? 'OPTIONS' : name));

/** How a request proves who sends it. Contract W3. */
export const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('basic'), username: secretable, password: secretable }),
  z.strictObject({ type: z.literal('bearer'), token: secretable }),
  z.strictObject({ type: z.literal('hmac'), secret: secretable, header: text.default('X-Signature') }),
]);

/** A header, query parameter or form field. Contract W4, T5. */
const row = z.strictObject({ key: text.min(1), value: text, mandatory: z.boolean().default(false) });
const rows = z.array(row).max(100).default([]);

const onMissing = z.enum(['fail', 'empty']).default('fail');

/** The body of a request. Contract W5, W7, T3-T6. */
const body = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('json'), content: z.json(), onMissing }),
  z.strictObject({ type: z.literal('xml'), content: text, onMissing }),
  z.strictObject({ type: z.literal('text'), content: text, onMissing }),
  z.strictObject({
    type: z.literal('form'),
    fields: rows,
    encoding: z.enum(['urlencoded', 'multipart']).default('urlencoded'),
  }),
]);

const mapRow = z.strictObject({ saveIn, path: z.string().min(1).max(2000), mandatory: z.boolean().default(false) });
const map = z.array(mapRow).max(100).default([]);

/** How the answer is read. Contract R4-R6. */
const response = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('json'), dialect: z.enum(['rfc9535', 'jsonpath-plus']).default('rfc9535'), map }),
  z.strictObject({ type: z.literal('xml'), namespaces: z.record(z.string(), z.string()).default({}), map }),
]);

/** Whether and how long the call waits for the answer. Contract H1-H5. */
export const wait = z
  .strictObject({
    enabled: z.boolean().default(true),
    timeout: z.number().min(1).max(60).default(60),
    holdMusic: z.boolean().default(false),
    onHangup: z.enum(['finish', 'abort']).default('finish'),
    /** The key by which the caller leaves the wait, by line `left`. Contract H6. */
    leaveKey,
  })
  .prefault({});

/** Calls an external API and maps its answer to variables. Contract T, W, R and H. */
export const webhook = z.strictObject({
  type: z.literal('webhook'),
  ...base,
  request: z.strictObject({
    method,
    url: text.min(1).max(8192),
    auth: auth.prefault({ type: 'none' }),
    headers: rows,
    query: rows,
    body: body.prefault({ type: 'none' }),
  }),
  response: response.prefault({ type: 'none' }),
  wait,
  persist: z.boolean().default(false),
  retry: z
    .strictObject({ attempts: z.number().int().min(1).max(5).optional(), resend: z.boolean().default(true) })
    .prefault({}),
  lines: linesOf('success', 'failure', 'left'),
});
