/**
 * Rules of several parties: conversations, and handing a party over.
 * @module
 */
import { claim, claimError, claimResult, supported, describeEvents } from '../claims.js';
import { AT_ONCE, type Rule } from '../rule.js';
import { claimLegStays } from './commands.js';
import { claimEnded } from './ends.js';
import type { TestCall } from '../test-call.js';

/** How long a party that is handed over may be rung, in seconds. */
const RING_SECONDS = 15;

/** The rules of this file. */
export const legs: Rule[] = [
  {
    id: 'join',
    title: '`join` completes at once; when one leg ends it is told, and the other one stays',
    section: 'Commands',
    needs: ['answers', 'hangsUp'],
    async check(call) {
      await call.reach('answers');
      await call.reachSecond('hangsUp');
      const joined = supported(await call.obey('join', { with: '2' }), '`join`');
      claimResult(joined, 'done', 'join of the legs "1" and "2"', AT_ONCE);
      await call.until('legEnded', '2', 4);
      await claimEnded(call, 'remote', undefined, '2');
      await call.wait(1);
      await claimLegStays(call);
    },
  },
  {
    id: 'join-gone',
    title: 'A `join` with a leg that is gone gives LEG_UNKNOWN, and the leg stays',
    section: 'Results',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      await call.reachSecond('answers');
      await call.obey('hangUp', { cause: 16 }, { leg: '2' });
      const joined = supported(await call.obey('join', { with: '2' }), '`join`');
      claimError(joined, 'LEG_UNKNOWN', 'join with leg "2", which was hung up');
      await claimLegStays(call);
    },
  },
  {
    id: 'transfer',
    title: '`transfer` to a number completes when the party is handed over, after legEnded by us with cause 16',
    section: 'Commands',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      const fields = { to: call.number('answers'), from: call.from, ringSeconds: RING_SECONDS };
      await claimHandedOver(call, fields, ['1']);
    },
  },
  {
    id: 'transfer-with',
    title: '`transfer` to the party of another leg completes after legEnded of both, by us with cause 16',
    section: 'Commands',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      await call.reachSecond('answers');
      await claimHandedOver(call, { with: '2' }, ['1', '2']);
    },
  },
  {
    id: 'transfer-refused',
    title: 'A `transfer` to a number that is busy gives BUSY, and the leg stays',
    section: 'Commands',
    needs: ['answers', 'busy'],
    async check(call) {
      await call.reach('answers');
      const fields = { to: call.number('busy'), from: call.from, ringSeconds: RING_SECONDS };
      const outcome = supported(await call.obey('transfer', fields), '`transfer`');
      claimError(outcome, 'BUSY', 'transfer to the test number "busy"');
      await claimLegStays(call);
    },
  },
];

type Transfer = Parameters<typeof TestCall.prototype.give<'transfer'>>[1];

async function claimHandedOver(call: TestCall, fields: Transfer, gone: string[]): Promise<void> {
  const outcome = supported(await call.obey('transfer', fields), '`transfer`');
  claimResult(outcome, 'done', 'transfer');
  for (const leg of gone) {
    await claimEnded(call, 'us', 16, leg);
    const ended = call.log.events('legEnded', leg);
    const inOrder = (ended[0]?.order ?? Infinity) < outcome.order;
    claim(inOrder, `legEnded of leg "${leg}" before the result of transfer`, `${describeEvents(ended)} after it`);
  }
}
