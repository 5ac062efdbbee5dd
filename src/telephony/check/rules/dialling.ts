/**
 * Rules of `dial`: how a call comes about, or why it does not.
 * @module
 */
import type { BridgeErrorType } from '../../commands.js';
import { ANSWERED_BY } from '../../events.js';
import { claim, claimError, claimResult, secondsOf, describe, describeEvents, NotChecked } from '../claims.js';
import type { FarEnd } from '../far-ends.js';
import { AT_ONCE, type Rule } from '../rule.js';
import type { TestCall } from '../test-call.js';
import { claimEnded } from './ends.js';

/** A number that nobody answers is rung for so long, in seconds, and the network may take longer to say so. */
const RING_SECONDS = 3;
const NETWORK_SECONDS = 6;

function refused(id: string, far: FarEnd, error: BridgeErrorType, title: string): Rule {
  return {
    ...{ id, title, section: 'Results', needs: [far] },
    async check(call) {
      claimError(await call.dial(far).outcome, error, `dial of the test number "${far}"`);
    },
  };
}

/** Who answered a far end that is dialled with `detectMachine`: the value of `by`. */
async function answeredBy(call: TestCall, far: FarEnd): Promise<unknown> {
  const outcome = await call.dial(far, 20, '1', { detectMachine: true }).outcome;
  claimResult(outcome, 'done', `dial of the test number "${far}" with detectMachine`);
  const answered = await call.until('legAnswered', '1', AT_ONCE);
  const inOrder = answered !== undefined && answered.order < outcome.order;
  claim(inOrder, 'legAnswered before the result of dial', describeOrder(answered));
  if (answered.event.by === undefined) throw new NotChecked('the bridge does not say `by` in legAnswered');
  return answered.event.by;
}

/** The rules of this file. */
export const dialling: Rule[] = [
  {
    id: 'dial-answers',
    title: '`dial` completes when the party answers, after the event legAnswered',
    section: 'Commands',
    needs: ['answers'],
    async check(call) {
      const outcome = await call.dial('answers').outcome;
      claimResult(outcome, 'done', 'dial of the test number "answers"');
      const answered = await call.until('legAnswered', '1', AT_ONCE);
      const inOrder = answered !== undefined && answered.order < outcome.order;
      claim(inOrder, 'legAnswered before the result of dial', describeOrder(answered));
    },
  },
  {
    id: 'dial-repeated',
    title: 'A repeated `dial` rings once, and both get the one result',
    section: 'What a bridge must keep',
    needs: ['answers'],
    async check(call) {
      const { command, outcome } = call.dial('answers');
      const [first, second] = await Promise.all([outcome, call.again(command)]);
      claimResult(first, 'done', 'dial of the test number "answers"');
      claimResult(second, 'done', 'the same dial, given again');
      await call.wait(1);
      const answers = call.log.events('legAnswered');
      claim(answers.length === 1, 'one event legAnswered', describeEvents(answers));
    },
  },
  refused('dial-busy', 'busy', 'BUSY', 'A number that is busy gives BUSY'),
  refused('dial-rejected', 'rejects', 'REJECTED', 'A party that refuses the call gives REJECTED'),
  refused('dial-unreachable', 'unreachable', 'UNREACHABLE', 'A number that cannot be reached gives UNREACHABLE'),
  {
    id: 'dial-refused-ends',
    title: 'A `dial` that fails is told by legEnded with its cause, by remote, before the error',
    section: 'Commands',
    needs: ['busy'],
    async check(call) {
      const outcome = await call.dial('busy').outcome;
      claim('error' in outcome, 'an error of dial of the test number "busy"', describe(outcome));
      await claimEnded(call, 'remote');
      const ended = call.log.events('legEnded');
      claim(
        (ended[0]?.order ?? Infinity) < outcome.order,
        'legEnded before the error',
        `${describeEvents(ended)} after it`,
      );
    },
  },
  {
    id: 'dial-no-answer',
    title: 'A party that does not answer within `ringSeconds` gives NO_ANSWER',
    section: 'Results',
    needs: ['noAnswer'],
    async check(call) {
      const outcome = await call.dial('noAnswer', RING_SECONDS).outcome;
      claimError(outcome, 'NO_ANSWER', `dial of the test number "noAnswer" for ${RING_SECONDS} s`);
      const seconds = secondsOf(outcome);
      const inTime = seconds >= RING_SECONDS * 0.8 && seconds <= RING_SECONDS + NETWORK_SECONDS;
      claim(inTime, `NO_ANSWER after ${RING_SECONDS} to ${RING_SECONDS + NETWORK_SECONDS} s`, describe(outcome));
    },
  },
  {
    id: 'dial-then-hang-up',
    title: 'A `hangUp` on a leg that rings ends the ringing: `dial` completes with legGone',
    section: 'Commands',
    needs: ['noAnswer'],
    async check(call) {
      const { outcome } = call.dial('noAnswer', 20);
      await call.until('legRinging', '1', 3);
      const hungUp = await call.obey('hangUp', { cause: 16 });
      claimResult(hungUp, 'done', 'hangUp while the leg rings', AT_ONCE);
      const dialled = await outcome;
      claimResult(dialled, 'legGone', 'dial, whose leg was hung up');
      const late = (dialled.at - hungUp.at) / 1000;
      claim(late <= AT_ONCE, `the end of dial within ${AT_ONCE} s of the hangUp`, `it ${late.toFixed(1)} s later`);
    },
  },
  {
    id: 'dial-detects',
    title: 'With `detectMachine`, legAnswered says `by`: `human`, `machine` or `unknown`, before the result',
    section: 'Who answers',
    needs: ['answers'],
    async check(call) {
      const by = await answeredBy(call, 'answers');
      claim(typeof by === 'string' && ANSWERED_BY.includes(by), `by: one of ${ANSWERED_BY.join(', ')}`, String(by));
    },
  },
  {
    id: 'dial-detects-machine',
    title: 'A party that speaks on as a greeting does is a `machine`',
    section: 'Who answers',
    needs: ['speaks'],
    async check(call) {
      const by = await answeredBy(call, 'speaks');
      claim(by === 'machine', 'by: machine', String(by));
    },
  },
];

function describeOrder(answered: object | undefined): string {
  return answered ? 'it after the result' : 'no such event';
}
