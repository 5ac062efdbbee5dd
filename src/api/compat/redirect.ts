/**
 * `/:code`: following a short link. Contract F2.
 * @module
 */
import * as z from 'zod';
import { isLoopbackHost } from '../../crypto/loopback.js';
import type { AccountContext, ZodApi } from '../context.js';
import { unknownLink } from '../accounts/links.js';
import { problems } from '../accounts/schemas.js';

/**
 * Adds the route. A link answers under the domain of its own account only, so that no account's name leads where another
 * account wants. Each visit is counted, so the answer must not be kept by anybody.
 */
export function redirectRoutes(api: ZodApi, { store, publicUrl }: AccountContext): void {
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
      const { code } = request.params;
      const owner = await store.links.ownerOf(code);
      if (owner === undefined) throw unknownLink();
      const domain = (await store.accounts.get(owner))?.document.shortDomain;
      if (!answersUnder(request.hostname, domain, publicUrl)) throw unknownLink();
      const url = await store.links.follow(code);
      if (url === undefined) throw unknownLink();
      return reply.code(302).header('location', url).header('cache-control', 'no-store').send(null);
    },
  );
}

/** Whether a link answers to this host: the domain of its account, or the deployment's where the account has none. Contract F2. */
function answersUnder(host: string, domain: unknown, publicUrl: string): boolean {
  // A domain that a release before 0.7 took as it stood may have a port or a path. Contract C4.
  const url = typeof domain === 'string' ? `https://${domain}/` : publicUrl;
  const own = URL.canParse(url) ? new URL(url).hostname : undefined;
  const asked = URL.canParse(`http://${host}/`) ? new URL(`http://${host}/`).hostname.replace(/\.$/, '') : host;
  return (
    own === asked || (own !== undefined && typeof domain !== 'string' && isLoopbackHost(own) && isLoopbackHost(asked))
  );
}
