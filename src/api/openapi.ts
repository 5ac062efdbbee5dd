/**
 * `/openapi.json` and `/docs`: the API described from the schemas of its routes.
 * @module
 */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { jsonSchema } from '../flow/documents/json-schema.js';
import { docsPage } from './docs-page.js';

/** Answers that are not `application/json`, by path and status. */
const OTHER_TYPES: Readonly<Record<string, string>> = {
  '/v1/accounts/{account}/reports.csv 200': 'text/csv',
};
/** Here errors come in the product's own form. */
const OWN_ERRORS = '/kairos-apis/outbound/create';

/** What the engine sends to the `defaultWebhook` of an account. Contract E3. */
const WEBHOOKS = {
  flowEnd: {
    post: {
      summary: 'The flow end of a call, signed where the account has a `signingSecret`',
      requestBody: { required: true, content: { 'application/json': { schema: jsonSchema('flow-end') } } },
      responses: { '2XX': { description: 'Taken; anything else is tried again for 72 hours' } },
    },
  },
};

interface Described {
  paths?: Record<string, Record<string, { responses?: Record<string, { content?: Record<string, unknown> }> }>>;
}

/** Errors are problem documents, and some answers have no body at all. */
function withContentTypes<T extends object>(openapi: T): T {
  for (const [path, methods] of Object.entries((openapi as Described).paths ?? {})) {
    for (const { responses = {} } of Object.values(methods)) {
      for (const [status, answer] of Object.entries(responses)) {
        const json = answer.content?.['application/json'];
        if (json === undefined) continue;
        const problem = Number(status) >= 400 && path !== OWN_ERRORS;
        const type = problem ? 'application/problem+json' : OTHER_TYPES[`${path} ${status}`];
        if (status === '204' || status === '302') delete answer.content;
        else if (type !== undefined) answer.content = { [type]: json };
      }
    }
  }
  return openapi;
}

/** The description of routes that are registered after this. @param version of the package */
export async function describeApi(api: FastifyInstance, version: string): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Hookline',
        version,
        description:
          'Accounts, flows, calls and what they leave behind. Keys go as `Authorization: Bearer KEY`. Lists come in pages: `next` is the `after` of the next page. A POST with an `Idempotency-Key` is done once. Errors are RFC 9457 problem documents.',
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    },
    transformObject: (described) => ({
      ...withContentTypes('openapiObject' in described ? described.openapiObject : {}),
      webhooks: WEBHOOKS,
    }),
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      const scope = route.route.config?.scope;
      if (scope === undefined) return { schema, url };
      const description = `Scope: \`${scope}\`.`;
      return { schema: { ...schema, description, security: [{ key: [] }] }, url };
    },
  });
  api.get('/openapi.json', { config: { public: true }, schema: { hide: true } }, async () => api.swagger());
  api.get('/docs', { config: { public: true }, schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(docsPage(api.swagger())),
  );
}
