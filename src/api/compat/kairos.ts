/**
 * `/kairos-apis/outbound/create`: outbound calls as the product that Hookline follows takes them. Every answer is 200 with a
 * code of its own in the body. Contract F1.
 * @module
 */
import { createHash } from 'node:crypto';
import { parse } from 'lossless-json';
import * as z from 'zod';
import { accountOf } from '../../calls/stored-account.js';
import { isExact } from '../../flow/documents/json-scan.js';
import { acceptOutbound, type WantedCall } from '../../outbound/accept.js';
import { OUTBOUND_CODES, type OutboundCode } from '../../outbound/codes.js';
import { parsedStart } from '../../outbound/start-time.js';
import { timely } from '../known-call.js';
import { problemOf } from '../problem.js';
import { isAllowed } from '../access/authorised.js';
import type { GuardedContext, ZodApi } from '../context.js';

/** The largest body, in bytes. */
const MAX_BODY_BYTES = 256 * 1024;

const key = z.object({ name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]).nullable() });
const call = z.object({
  'client-identifier': z.union([z.string(), z.number()]).nullish(),
  'start-time': z.string().nullish(),
  'contact-numbers': z.array(z.union([z.string(), z.number()])).nullish(),
  keys: z.array(key).nullish(),
});
const body = z.object({
  'api-version': z.string().nullish(),
  'security-id': z.string().nullish(),
  'flow-id': z.string().nullish(),
  calls: z.array(call).nullish(),
});
const answer = z.object({
  'api-response-code': z.number().int(),
  'api-response-message': z.string(),
  'request-id': z.string().optional(),
  'call-details': z
    .array(z.object({ 'client-identifier': z.string().nullable(), 'phonon-uuid': z.string() }))
    .optional(),
});

/** Adds the route. Who knows the security id of an account may use it, from the addresses that the account allows. */
export function kairosRoutes(api: ZodApi, context: GuardedContext): void {
  const { store, client, guesses } = context;
  api.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: MAX_BODY_BYTES },
    (_request, text, done) => done(null, text),
  );
  api.setErrorHandler((error, _request, reply) => {
    const { statusCode = 500 } = error as { statusCode?: number };
    const { status } = problemOf(error);
    if (status === 429) return reply.code(429).send(answerOf(429));
    // Too large, or no JSON at all.
    if (statusCode >= 400 && statusCode < 500) return reply.code(200).send(answerOf(400));
    return reply.code(status).send(answerOf(500));
  });

  api.post(
    '/kairos-apis/outbound/create',
    {
      config: { public: true },
      schema: {
        tags: ['outbound'],
        summary:
          'Up to 500 outbound calls in one request of at most 256 KB; the code in the body says what became of it',
        body,
        response: { 200: answer, 429: answer, 500: answer, 503: answer },
      },
      // What is wrong with the body has a code of the product, so the handler judges it.
      validatorCompiler: () => (value: unknown) => ({ value }),
    },
    async (request, reply) => {
      const text = typeof request.body === 'string' ? request.body : '';
      // Only a wrong security id is refused: a right one passes, whatever others try from its address.
      const shutOut = guesses.shutOutFor(request.ip);
      const given = await answerTo(text, request.ip, shutOut > 0);
      if (shutOut > 0 && given['api-response-code'] === 401) void reply.header('retry-after', String(shutOut));
      return reply.code(200).send(given);
    },
  );

  async function answerTo(text: string, address: string, isShutOut: boolean): Promise<z.output<typeof answer>> {
    const asked = body.safeParse(parsedJson(text));
    if (!asked.success) return answerOf(400);
    const { 'api-version': apiVersion, 'security-id': securityId, 'flow-id': flowId, calls } = asked.data;
    if (!securityId || !flowId || !apiVersion) return answerOf(210);
    const known = !/\0/.test(`${securityId}${flowId}`);
    const kept = known ? await store.accounts.bySecurityId(securityId) : undefined;
    if (!kept && isShutOut) return answerOf(401);
    if (!kept) {
      guesses.wrong(address);
      return answerOf(202);
    }
    const account = accountOf(kept);
    if (!isAllowed(address, account.ipAllowList)) return answerOf(401);
    const wanted = (calls ?? []).map((one) => wantedCall(one, account.timeZone));
    const expired = wanted.filter((one) => one === 'expired').length;
    const good = wanted.filter((one) => one !== 'expired');
    if (expired > 0 && good.length === 0) return answerOf(211);
    const checksum = createHash('sha256').update(text).digest('hex');
    const request = { apiVersion, flowId, calls: good, checksum, origin: null };
    const accepted = await timely(client, () => acceptOutbound(context, account, request));
    const code = accepted.code === 200 && expired > 0 ? 209 : accepted.code;
    if (accepted.requestId === null) return answerOf(code);
    return {
      ...answerOf(code),
      'request-id': accepted.requestId,
      'call-details': accepted.calls.map(({ clientIdentifier, uuid }) => ({
        'client-identifier': clientIdentifier,
        'phonon-uuid': uuid,
      })),
    };
  }
}

function wantedCall(one: z.output<typeof call>, timeZone: string): WantedCall | 'expired' {
  const startAt = parsedStart(one['start-time'] ?? undefined, timeZone, new Date());
  if (startAt === undefined) return 'expired';
  const identifier = one['client-identifier'];
  const keys = (one.keys ?? []).filter(({ value }) => value !== null);
  return {
    clientIdentifier: identifier === null || identifier === undefined ? null : String(identifier),
    numbers: (one['contact-numbers'] ?? []).map(String),
    startAt,
    variables: Object.fromEntries(keys.map(({ name, value }) => [name, String(value)])),
  };
}

function answerOf(code: OutboundCode): z.output<typeof answer> {
  return { 'api-response-code': code, 'api-response-message': OUTBOUND_CODES[code][1] };
}

/** A number that a double would change stays the text that it is: an id of 20 digits arrives whole. Contract V3. */
function parsedJson(text: string): unknown {
  try {
    return parse(text, undefined, {
      parseNumber: (digits) => (isExact(digits) ? Number(digits) : digits),
      onDuplicateKey: ({ newValue }) => newValue,
    });
  } catch {
    return undefined;
  }
}
