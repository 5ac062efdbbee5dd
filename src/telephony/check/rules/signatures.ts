/**
 * Rules of signatures, for bridges that share a secret with the engine: over HTTP. Contract B6.
 * @module
 */
import { claim, NotChecked } from '../claims.js';
import type { Rule } from '../rule.js';
import type { Forgery } from '../transport.js';
import { claimLegStays } from './commands.js';

const FORGERIES: Record<Forgery, string> = {
  unsigned: 'a hangUp without a signature',
  otherSecret: 'a hangUp signed with another secret',
};

/** The rules of this file. */
export const signatures: Rule[] = [
  {
    id: 'unsigned-refused',
    title: 'A command without the signature of the secret is refused by 401 or 403, and not carried out',
    section: 'Over HTTP',
    needs: ['answers'],
    async check(call) {
      if (!call.forgeable) throw new NotChecked('commands to this bridge are not signed: Temporal, or no secret');
      await call.reach('answers');
      for (const [forgery, what] of Object.entries(FORGERIES) as [Forgery, string][]) {
        const status = await call.forge('hangUp', { cause: 16 }, forgery);
        const came = status === null ? 'no answer' : `the status ${status}`;
        claim(status === 401 || status === 403, `401 or 403 to ${what}`, came);
      }
      // Refused in words only, the leg would go about now.
      await call.wait(0.5);
      await claimLegStays(call);
    },
  },
];
