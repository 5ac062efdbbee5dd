/**
 * The routes for accounts, with what they share: schemas, keys, limits of rate, idempotency.
 * @module
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { functionRoutes } from '../compat/function-endpoints.js';
import { kairosRoutes } from '../compat/kairos.js';
import { describeApi } from '../openapi.js';
import { RequestProblem } from '../problem.js';
import { addRoutes } from '../route.js';
import { redirectRoutes } from '../compat/redirect.js';
import { accountRoutes } from './accounts.js';
import { agentRoutes } from './agents.js';
import { auditRoutes } from './audit.js';
import { auditRequests } from '../access/audited.js';
import { requireKey } from '../access/authorised.js';
import { readBodies } from '../json-body.js';
import { callRoutes } from './calls.js';
import { contactRoutes } from './contacts.js';
import type { AccountContext, ZodApi } from '../context.js';
import { deliveryRoutes } from './deliveries.js';
import { deliveryReplayRoutes } from './delivery-replay.js';
import { didRoutes } from './dids.js';
import { endpointRoutes } from './endpoints.js';
import { flowRoutes } from './flows.js';
import { Guesses } from '../access/guessing.js';
import { answerOnce } from '../access/idempotency.js';
import { keyRoutes } from './keys.js';
import { linkRoutes } from './links.js';
import { outboundRoutes } from './outbound.js';
import { reportRoutes } from './reports.js';
import { secretRoutes } from './secrets.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route checks who may use it, or is for everybody. */
    public?: true;
  }
}

/** Every route that a key of an account opens, or the operator's. */
export const ACCOUNT_ROUTES = [
  ...accountRoutes,
  ...auditRoutes,
  ...keyRoutes,
  ...secretRoutes,
  ...didRoutes,
  ...flowRoutes,
  ...callRoutes,
  ...outboundRoutes,
  ...agentRoutes,
  ...contactRoutes,
  ...linkRoutes,
  ...reportRoutes,
  ...deliveryRoutes,
  ...deliveryReplayRoutes,
  ...endpointRoutes,
];

/** Adds all of them. */
export async function accountApi(server: FastifyInstance, context: AccountContext, version: string): Promise<void> {
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  await describeApi(server, version);
  await server.register(rateLimit, {
    max: context.requestsPerMinute,
    timeWindow: '1 minute',
    // Keys are checked before this counts, so that nobody gets a count of his own by making one up.
    keyGenerator: ({ caller, ip }) => (caller?.operator === false ? caller.keyId : ip),
    errorResponseBuilder: (_request, { after }) =>
      new RequestProblem(429, 'RATE_LIMITED', `Too many requests: go on in ${after}.`),
  });
  const guarded = { ...context, guesses: new Guesses(context.wrongKeys) };
  await server.register(async (api) => {
    requireKey(api, guarded);
    readBodies(api);
    answerOnce(api, context);
    auditRequests(api, context);
    addRoutes(api, context, ACCOUNT_ROUTES);
  });
  await server.register(async (api) => functionRoutes(api as unknown as ZodApi, guarded));
  await server.register(async (api) => kairosRoutes(api as unknown as ZodApi, guarded));
  await server.register(async (api) => redirectRoutes(api as unknown as ZodApi, context));
}
