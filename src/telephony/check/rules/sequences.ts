/**
 * Rules of several commands that come in one. A bridge that has no sequences says NOT_SUPPORTED, and they do not concern it. Contract B7.
 * @module
 */
import type { Outcome } from '../exchange.js';
import { claim, describe, fieldsOf, secondsOf, supported } from '../claims.js';
import { AT_ONCE, type Rule } from '../rule.js';
import { collecting } from '../test-call.js';
import { claimLegStays } from './commands.js';

const COMMANDS = 'Several commands at once';

/** The rules of this file. */
export const sequences: Rule[] = [
  {
    id: 'sequence-in-order',
    title: 'The commands of a `sequence` are carried out one after the other, and each has a result',
    section: COMMANDS,
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      const list = call.giveInOrder(['answer', {}], ['collect', collecting(2)], ['collect', collecting(2)]);
      const outcome = supported(await list.outcome, 'sequence');
      claimResults(outcome, ['done', 'done', 'done']);
      claim(secondsOf(outcome) >= 3.5, 'two collects of 2 s to take 4 s', describe(outcome));
    },
  },
  {
    id: 'sequence-times',
    title: 'Each result of a `sequence` says when: `at`, ISO 8601 with its time zone, none before another',
    section: COMMANDS,
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      const list = call.giveInOrder(['answer', {}], ['collect', collecting(1)], ['collect', collecting(1)]);
      const outcome = supported(await list.outcome, 'sequence');
      const times = resultsIn(outcome).map(({ at }) =>
        typeof at === 'string' && ZONED.test(at) ? Date.parse(at) : NaN,
      );
      const rising = times.every((time, index) => time >= (times[index - 1] ?? 0));
      claim(times.length === 3 && rising, 'three results, each with a rising `at`', describe(outcome));
    },
  },
  {
    id: 'sequence-stops',
    title:
      'A `sequence` ends with the first command that is not done; an error is an entry, and what follows is not begun',
    section: COMMANDS,
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      const list = call.giveInOrder(['answer', {}], ['dance' as 'answer', {}], ['hangUp', { cause: 16 }]);
      const outcome = supported(await list.outcome, 'sequence');
      claimResults(outcome, ['done', 'NOT_SUPPORTED']);
      await call.wait(0.5);
      await claimLegStays(call);
    },
  },
  {
    id: 'sequence-repeated',
    title: 'A `sequence` that comes again gives its first results, and acts once',
    section: COMMANDS,
    needs: ['presses'],
    async check(call) {
      await call.reach('presses');
      const { command, outcome } = call.giveInOrder(['answer', {}], ['collect', collecting(10)]);
      const first = supported(await outcome, 'sequence');
      claim(typeof resultsIn(first)[1]?.digits === 'string', 'digits of collect', describe(first));
      const again = await call.again(command);
      const same = JSON.stringify(resultsIn(first)) === JSON.stringify(resultsIn(again));
      claim(same && secondsOf(again) <= AT_ONCE, `the first results again: ${describe(first)}`, describe(again));
    },
  },
  {
    id: 'sequence-hang-up',
    title:
      'The leg goes during a `sequence`: it ends at once, what was done before stays done, and the rest is not begun',
    section: COMMANDS,
    needs: ['hangsUp'],
    async check(call) {
      await call.reach('hangsUp');
      const list = call.giveInOrder(
        ['collect', collecting(1)],
        ['collect', collecting(12)],
        ['collect', collecting(1)],
      );
      const outcome = supported(await list.outcome, 'sequence');
      claimResults(outcome, ['done', 'legGone']);
      claim(secondsOf(outcome) <= 2 + AT_ONCE, 'an end when the party hangs up after 2 s', describe(outcome));
      const ended = await call.until('legEnded', '1', AT_ONCE);
      const inOrder = ended !== undefined && ended.order < outcome.order;
      claim(inOrder, 'legEnded before the end of the sequence', ended ? 'it afterwards' : 'no legEnded');
    },
  },
  {
    id: 'sequence-cut',
    title: 'A `hangUp` during a `sequence` ends it at once',
    section: COMMANDS,
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      const { outcome } = call.giveInOrder(['collect', collecting(10)], ['collect', collecting(10)]);
      await call.wait(1);
      await call.obey('hangUp', { cause: 16 });
      const ended = supported(await outcome, 'sequence');
      claimResults(ended, ['legGone']);
      claim(secondsOf(ended) <= 1 + AT_ONCE, 'an end when the leg is hung up after 1 s', describe(ended));
    },
  },
];

const ZONED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** The entries of a sequence's answer; none where it has none. */
function resultsIn(outcome: Outcome): Record<string, unknown>[] {
  const { results } = fieldsOf(outcome);
  return Array.isArray(results) ? results.map((entry) => ({ ...(entry as object) })) : [];
}

/** @throws {Broken} unless the entries are these: a result, or the type of an error */
function claimResults(outcome: Outcome, expected: string[]): void {
  const came = resultsIn(outcome).map(({ result, error }) => result ?? (error as { type?: unknown } | undefined)?.type);
  claim(JSON.stringify(came) === JSON.stringify(expected), `the results ${expected.join(', ')}`, describe(outcome));
}
