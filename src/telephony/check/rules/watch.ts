/**
 * Rules of nodes that are watched as a whole: what they answer to a `watch`. Contract B8.
 * @module
 */
import { readEpoch } from '../../messages.js';
import { claim, claimResult, describe, fieldsOf, supported } from '../claims.js';
import { AT_ONCE, type Rule } from '../rule.js';
import { collecting, type TestCall } from '../test-call.js';

const WATCHED = 'Watched nodes';

/** The rules of this file. A bridge that does not have `watch` is not to say `watched` in its starts. */
export const watch: Rule[] = [
  {
    id: 'watch',
    title: '`watch` completes at once with the epoch of the node: 1 to 64 letters, digits and `. _ : -`',
    section: WATCHED,
    needs: [],
    async check(call) {
      await epochOf(call);
    },
  },
  {
    id: 'watch-same-epoch',
    title: 'The epoch stays while the node has its calls, whatever becomes of one of them',
    section: WATCHED,
    needs: ['answers'],
    async check(call) {
      const first = await epochOf(call);
      await call.reach('answers');
      await call.obey('hangUp', { cause: 16 });
      const after = await epochOf(call);
      claim(after === first, `the epoch ${first} after a call, too`, `the epoch ${after}`);
    },
  },
  {
    id: 'watch-while-busy',
    title: '`watch` completes at once while commands run',
    section: WATCHED,
    needs: ['answers'],
    async check(call) {
      await epochOf(call);
      await call.reach('answers');
      const { outcome } = call.give('collect', collecting(5));
      await call.wait(1);
      await epochOf(call);
      claimResult(await outcome, 'done', 'the collect that runs meanwhile');
    },
  },
];

/** @throws {NotChecked} when the bridge has no `watch` */
async function epochOf(call: TestCall): Promise<string> {
  const outcome = supported(await call.obey('watch', {}, { leg: '', callId: '' }), 'watch');
  claimResult(outcome, 'done', 'watch', AT_ONCE);
  const epoch = readEpoch(fieldsOf(outcome));
  claim(epoch !== null, '"epoch" of 1 to 64 letters, digits and . _ : -', describe(outcome));
  return epoch;
}
