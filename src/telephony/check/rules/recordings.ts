/**
 * Rules of recordings: of a party, and of a conversation.
 * @module
 */
import { claim, claimResult, fieldsOf, secondsOf, supported, describe, describeEvents } from '../claims.js';
import { AT_ONCE, type Rule } from '../rule.js';
import { collecting, type TestCall } from '../test-call.js';

/** A recording may take so long until it lies ready, in seconds. */
const READY_SECONDS = 10;

/** The rules of this file. */
export const recordings: Rule[] = [
  {
    id: 'record-whole-call',
    title: 'With `record`, `dial` records the whole call: recordingReady with its URL comes once the leg has ended',
    section: 'The whole call',
    needs: ['hangsUp'],
    async check(call) {
      const { outcome } = call.dial('hangsUp', 20, '1', { record: { name: 'whole' } });
      claimResult(await outcome, 'done', 'dial of the test number "hangsUp" with record');
      claimResult(await call.obey('collect', collecting(12)), 'legGone', 'collect, when the party hangs up after 2 s');
      await claimReady(call, 'whole');
    },
  },
  {
    id: 'record',
    title: '`record` completes at `maxSeconds`, and recordingReady tells where what was said lies',
    section: 'Commands',
    needs: ['speaks'],
    async check(call) {
      await call.reach('speaks');
      const outcome = supported(await call.obey('record', recording('message', 2)), '`record`');
      claimResult(outcome, 'done', 'record of 2 s');
      const inTime = secondsOf(outcome) >= 1.5 && secondsOf(outcome) <= 2 + AT_ONCE;
      claim(inTime, 'record to end at its 2 s', describe(outcome));
      await claimReady(call, 'message');
    },
  },
  {
    id: 'record-hang-up',
    title: 'recordingReady also comes when the party hung up while it was recorded',
    section: 'Commands',
    needs: ['speaks'],
    async check(call) {
      await call.reach('speaks');
      const outcome = supported(await call.obey('record', recording('last-words', 20)), '`record`');
      claimResult(outcome, 'legGone', 'record, when the party hangs up after 6 s');
      await claimReady(call, 'last-words');
    },
  },
  {
    id: 'record-silence',
    title: '`record` ends after `silenceSeconds`; with nothing said it is `noInput`, and no recording',
    section: 'Results',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      const outcome = supported(await call.obey('record', recording('silence', 20, 2)), '`record`');
      claim(fieldsOf(outcome).ended === 'noInput', 'record of silence to end with "noInput"', describe(outcome));
      claimResult(outcome, 'done', 'record of 2 s of silence', 2 + AT_ONCE);
      await call.wait(1);
      const ready = call.log.events('recordingReady');
      claim(ready.length === 0, 'no recordingReady', describeEvents(ready));
    },
  },
  {
    id: 'join-record',
    title: 'A `join` with `record` tells the recording of the conversation when it has ended',
    section: 'Commands',
    needs: ['answers', 'hangsUp'],
    async check(call) {
      await call.reach('answers');
      await call.reachSecond('hangsUp');
      const outcome = supported(await call.obey('join', { with: '2', record: { name: 'talk' } }), '`join`');
      claimResult(outcome, 'done', 'join with a recording');
      await call.until('legEnded', '2', 4);
      await claimReady(call, 'talk');
    },
  },
];

function recording(name: string, maxSeconds: number, silenceSeconds = 4) {
  return { name, maxSeconds, silenceSeconds, terminator: '#', beep: false };
}

async function claimReady(call: TestCall, name: string): Promise<void> {
  const ready = () => call.log.events('recordingReady');
  const found = () => ready().some(({ event }) => event.name === name && typeof event.url === 'string');
  for (let waited = 0; !found() && waited < READY_SECONDS; waited += 0.1) await call.wait(0.1);
  claim(found(), `recordingReady with the name "${name}" and a url within ${READY_SECONDS} s`, describeEvents(ready()));
}
