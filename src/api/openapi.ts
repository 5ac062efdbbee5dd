/**
 * `/openapi.json` and `/docs`: the API described from the schemas of its routes.
 * @module
 */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { docsPage } from './docs-page.js';

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
