/**
 * `/:code`: following a short link. Contract F2.
 * @module
 */
import * as z from 'zod';
import type { AccountContext, ZodApi } from '../context.js';
import { unknownLink } from '../accounts/links.js';
import { problems } from '../accounts/schemas.js';

/** Adds the route. Each visit is counted, so the answer must not be kept by anybody. */
export function redirectRoutes(api: ZodApi, { store }: AccountContext): void {
  api.get(
    '/:code([A-Za-z0-9]{8})',
    {
      config: { public: true },
      schema: {
        tags: ['links'],
        summary: 'Follow a short link',
        params: z.object({ code: z.string().regex(/^[A-Za-z0-9]{8}$/) }),
        response: { 302: z.null().describe('To the address of the link'), ...problems },
      },
    },
    async (request, reply) => {
      const url = await store.links.follow(request.params.code);
      if (url === undefined) throw unknownLink();
      return reply.code(302).header('location', url).header('cache-control', 'no-store').send(null);
    },
  );
}
