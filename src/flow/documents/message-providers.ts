/**
 * Who brings the messages of an account: the provider of text messages, the server of emails. Contract D3, W3, W11.
 * @module
 */
import * as z from 'zod';
import { parseSender } from '../messages/email-address.js';
import { secretable } from '../widgets/common.js';
import { auth } from '../widgets/request-auth.js';

/** The provider that takes text messages: our request goes there. Contract W2, W3, W11. */
export const sms = z.strictObject({
  url: z
    .string()
    .min(1)
    .max(8192)
    .describe('Where the provider takes messages: `https:`, or `http:` where the account has `httpEnabled`.'),
  auth: auth.prefault({ type: 'none' }).describe('As the auth of a webhook.'),
  headers: z
    .array(
      z.strictObject({
        key: z.string().min(1).describe('The name of the header.'),
        value: z.string().describe('Its value.'),
      }),
    )
    .max(100)
    .default([])
    .describe("Sent besides the engine's own headers."),
  from: z.string().min(1).max(50).optional().describe('The sender where the widget names none.'),
  body: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('json'),
        content: z.record(z.string(), z.json()).describe('A JSON object; its texts hold places.'),
      }),
      z.strictObject({
        type: z.literal('form'),
        fields: z
          .array(
            z.strictObject({
              key: z.string().min(1).describe('The name of the field.'),
              value: z.string().describe('Its value, with places.'),
            }),
          )
          .min(1)
          .max(100)
          .describe('Sent in this order.'),
      }),
    ])
    .optional()
    .describe(
      'The body that the provider wants, with the places `{id}`, `{to}`, `{from}`, `{text}` and `{template}`; left out: JSON with `id`, `to`, `from` and `text`.',
    ),
});

/** The server that takes email. Left out, `secure` (TLS from the first byte) is whether the port is 465. Contract W3, W11. */
export const smtp = z.strictObject({
  host: z
    .string()
    .max(253)
    .regex(/^([\p{L}\p{N}.-]+|[0-9A-Fa-f:.]+)$/u, 'A host is a name or an address, without scheme and port.')
    .describe('A name or an address.'),
  port: z.number().int().min(1).max(65_535).default(587).describe('The port of the server.'),
  secure: z.boolean().optional().describe('Whether TLS begins with the first byte; left out: whether the port is 465.'),
  requireTls: z
    .boolean()
    .default(true)
    .describe('`false`: without TLS where the server offers none (STARTTLS is used where it does).'),
  auth: z
    .strictObject({ username: secretable, password: secretable })
    .optional()
    .describe(
      '`{ username, password }`, each a text or `{ secret: NAME }`; they go over TLS only, whatever `requireTls` says.',
    ),
  from: z
    .string()
    .max(500)
    .refine((text) => parseSender(text) !== undefined, 'A sender is name@example.com or Name <name@example.com>.')
    .describe('The sender: `name@example.com` or `Name <name@example.com>`.'),
});
