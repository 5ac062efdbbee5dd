/**
 * How a request proves who sends it: the schemas. Contract W3.
 * @module
 */
import * as z from 'zod';
import { secretable, text } from './common.js';

const secret = z.strictObject({ secret: z.string().min(1).describe('The name of a secret of the account.') });

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
  z.strictObject({
    type: z.literal('apiKey'),
    in: z.enum(['header', 'query']).describe('Where the key is sent.'),
    name: text
      .min(1)
      .describe(
        'The name of the header (neither `Content-Type` nor one that frames the message) or of the query parameter.',
      ),
    value: secretable.describe('The key: a text or `{ secret: NAME }`.'),
  }),
  z.strictObject({
    type: z.literal('oauth2'),
    tokenUrl: text
      .min(1)
      .max(8192)
      .describe('Where the token is asked for by client credentials; the rules on URLs and targets hold for it, too.'),
    clientId: secretable.describe('A text or `{ secret: NAME }`.'),
    clientSecret: secretable.describe('A text or `{ secret: NAME }`.'),
    scope: text.min(1).optional().describe('Scopes, with blanks between them.'),
    audience: text.min(1).optional().describe('For servers that want to know what the token is for.'),
    clientAuth: z
      .enum(['basic', 'body'])
      .default('basic')
      .describe('How the client shows who it is: by basic auth, or by `client_id` and `client_secret` in the body.'),
  }),
  z.strictObject({
    type: z.literal('digest'),
    username: secretable.describe('A text or `{ secret: NAME }`; no colon.'),
    password: secretable.describe('A text or `{ secret: NAME }`.'),
  }),
]);

/** What TLS shows and trusts, beside any auth. Contract W3. */
export const tls = z
  .strictObject({
    certificate: secret.optional().describe('The client certificate, with its chain: PEM, as `{ secret: NAME }`.'),
    key: secret.optional().describe('Its private key: PEM without passphrase, as `{ secret: NAME }`.'),
    ca: secret
      .optional()
      .describe(
        'The authorities that the target is trusted by, in place of the public ones: PEM, as `{ secret: NAME }`.',
      ),
  })
  .superRefine(({ certificate, key, ca }, context) => {
    const fault = (place: string) =>
      context.addIssue({ code: 'custom', path: [place], message: `The field "${place}" is required.` });
    if (certificate && !key) fault('key');
    if (key && !certificate) fault('certificate');
    if (!certificate && !key && !ca) fault('ca');
  });
