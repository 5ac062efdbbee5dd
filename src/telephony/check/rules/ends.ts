/**
 * Rules of how a leg ends: who ended it, and what its commands say then. Contract B2, B3.
 * @module
 */
import { claim, claimResult, describeEvents } from '../claims.js';
import { AT_ONCE, type Rule } from '../rule.js';
import { collecting, LONG_PROMPT, type TestCall } from '../test-call.js';

const KEEP = 'What a bridge must keep';

/** The rules of this file. */
export const ends: Rule[] = [
  {
    id: 'our-hang-up',
    title: '`hangUp` ends the leg: legEnded with the cause of the command, by us',
    section: 'Events',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      claimResult(await call.obey('hangUp', { cause: 17 }), 'done', 'hangUp with cause 17');
      await claimEnded(call, 'us', 17);
    },
  },
  {
    id: 'remote-hang-up',
    title: 'A party that hangs up ends the leg: legEnded with a cause of Q.850, by remote',
    section: 'Events',
    needs: ['hangsUp'],
    async check(call) {
      await call.reach('hangsUp');
      await call.obey('collect', collecting(8));
      await claimEnded(call, 'remote');
    },
  },
  {
    id: 'gone-at-once',
    title: 'A command after the leg is gone gives legGone, at once',
    section: KEEP,
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      await call.obey('hangUp', { cause: 16 });
      claimResult(await call.obey('play', { prompts: LONG_PROMPT }), 'legGone', 'play after hangUp', AT_ONCE);
      claimResult(await call.obey('status', {}), 'legGone', 'status after hangUp', AT_ONCE);
    },
  },
  {
    id: 'hang-up-ends-command',
    title: 'The leg goes while a command runs: the command ends with legGone at once',
    section: KEEP,
    needs: ['hangsUp'],
    async check(call) {
      await call.reach('hangsUp');
      const outcome = await call.obey('collect', collecting(12));
      claimResult(outcome, 'legGone', 'collect, when the party hangs up after 2 s', 2 + AT_ONCE);
    },
  },
  {
    id: 'ended-before-result',
    title: 'The leg goes while a command runs: legEnded is sent before the command ends',
    section: KEEP,
    needs: ['hangsUp'],
    async check(call) {
      await call.reach('hangsUp');
      const outcome = await call.obey('play', { prompts: [...LONG_PROMPT, ...LONG_PROMPT] });
      claimResult(outcome, 'legGone', 'play, when the party hangs up after 2 s');
      const ended = await call.until('legEnded', '1', AT_ONCE);
      const inOrder = ended !== undefined && ended.order < outcome.order;
      claim(inOrder, 'legEnded before the legGone of play', ended ? 'it afterwards' : 'no legEnded');
    },
  },
];

/** @throws {Broken} unless the leg's first legEnded says this */
export async function claimEnded(call: TestCall, by: 'us' | 'remote', cause?: number, leg = '1'): Promise<void> {
  await call.until('legEnded', leg, AT_ONCE);
  const ended = call.log.events('legEnded', leg);
  const said = ended[0]?.event;
  const causeFits = cause === undefined ? isCause(said?.cause) : said?.cause === cause;
  const expected = `legEnded of leg "${leg}" with cause ${cause ?? '1 to 127'}, by ${by}`;
  claim(said?.by === by && causeFits, expected, describeEvents(ended));
}

/** Whether a value is a cause of Q.850. */
export function isCause(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 127;
}
