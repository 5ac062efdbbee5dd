/**
 * Rules of every command: its id, its number, its leg, and how long it may be silent.
 * @module
 */
import type { BridgeCommand } from '../../commands.js';
import type { Outcome } from '../exchange.js';
import { claim, claimError, claimResult, fieldsOf, secondsOf, describe, describeEvents } from '../claims.js';
import { AT_ONCE, type Rule } from '../rule.js';
import { collecting, type TestCall } from '../test-call.js';

const KEEP = 'What a bridge must keep';

/** The rules of this file. */
export const commands: Rule[] = [
  {
    id: 'repeated-command',
    title: 'A `commandId` that comes again gives its first result, and acts once',
    section: KEEP,
    needs: ['presses'],
    async check(call) {
      await call.reach('presses');
      const { command, outcome } = call.give('collect', collecting(10));
      const first = await outcome;
      claim(typeof fieldsOf(first).digits === 'string', 'digits of collect', describe(first));
      claimSame(first, await call.again(command));
      // Its number is lower than that of a later command, yet it is no late one.
      await call.obey('status', {});
      claimSame(first, await call.again(command));
    },
  },
  {
    id: 'repeated-while-running',
    title: 'A `commandId` that comes again while it runs shares the one result',
    section: KEEP,
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      const { command, outcome } = call.give('collect', collecting(4));
      await call.wait(2);
      const [first, second] = await Promise.all([outcome, call.again(command)]);
      claimResult(first, 'done', 'collect that nobody answers for 4 s');
      const apart = Math.abs(first.at - second.at) / 1000;
      claim(apart <= 1, 'both results in the same moment', `the second ${apart.toFixed(1)} s apart`);
      claimSame(first, second, 10);
    },
  },
  {
    id: 'superseded',
    title: 'A command with a `seq` lower than one seen on the leg does nothing, and gives superseded',
    section: KEEP,
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      await call.obey('status', {}, { seq: 10 });
      const late = await call.obey('hangUp', { cause: 16 }, { seq: 5 });
      claimResult(late, 'superseded', 'hangUp with seq 5 after status with seq 10');
      await call.wait(0.5);
      await claimLegStays(call);
    },
  },
  {
    id: 'unknown-command',
    title: 'A command that the bridge does not have gives NOT_SUPPORTED, and the leg stays',
    section: 'Results',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      const outcome = await call.obey('dance' as 'status', {});
      claimError(outcome, 'NOT_SUPPORTED', 'the command "dance"');
      await claimLegStays(call);
    },
  },
  {
    id: 'unknown-leg',
    title: 'A command for a leg that the call does not have gives LEG_UNKNOWN',
    section: 'Results',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      claimError(await call.obey('status', {}, { leg: '99' }), 'LEG_UNKNOWN', 'status of leg "99"');
    },
  },
  {
    id: 'unknown-call',
    title: 'A command for a call that the bridge does not know gives LEG_UNKNOWN',
    section: 'Results',
    needs: [],
    async check(call) {
      const outcome = await call.obey('status', {}, { callId: `${call.id}-unknown` });
      claimError(outcome, 'LEG_UNKNOWN', 'status of a call that never was');
    },
  },
  {
    id: 'answer-connected',
    title: '`answer` on a leg that is connected completes at once',
    section: 'Commands',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      claimResult(await call.obey('answer', {}), 'done', 'answer', AT_ONCE);
    },
  },
  {
    id: 'status',
    title: '`status` completes at once, and disturbs nothing that runs',
    section: 'Commands',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      const { outcome } = call.give('collect', collecting(4));
      await call.wait(1);
      claimResult(await call.obey('status', {}), 'done', 'status while collect runs', AT_ONCE);
      const collected = await outcome;
      const undisturbed = fieldsOf(collected).ended === 'noInput' && secondsOf(collected) >= 3.5;
      claim(undisturbed, 'a collect that goes on for its 4 s', describe(collected));
    },
  },
];

/** The rule of signs of life depends on how long the transport waits for one. */
export function heartbeat(heartbeatSeconds: number): Rule {
  const seconds = heartbeatSeconds + 2;
  return {
    id: 'heartbeat',
    title: 'A command that lasts over 10 s shows a sign of life every 10 s',
    section: KEEP,
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      const outcome = await call.obey('collect', collecting(seconds));
      const expected = `the end of a collect of ${seconds} s, with a sign of life in each ${heartbeatSeconds} s`;
      claim('result' in outcome, expected, describe(outcome));
    },
  };
}

/** @throws {Broken} unless the leg is there, and no event has said otherwise */
export async function claimLegStays(call: TestCall, leg: BridgeCommand['leg'] = '1'): Promise<void> {
  claimResult(await call.obey('status', {}, { leg }), 'done', `status of leg "${leg}", which stays`);
  const ended = call.log.events('legEnded', leg);
  claim(ended.length === 0, `no legEnded of leg "${leg}"`, describeEvents(ended));
}

function claimSame(first: Outcome, second: Outcome, within = AT_ONCE): void {
  const sorted = (outcome: Outcome) => JSON.stringify(Object.entries(fieldsOf(outcome)).sort());
  const same = sorted(first) === sorted(second) && secondsOf(second) <= within;
  claim(same, `the first result again: ${describe(first)}`, describe(second));
}
