/**
 * Rules of `collect`: which digits count, and when it ends.
 * @module
 */
import type { CommandFields } from '../../commands.js';
import { claim, fieldsOf, secondsOf, describe } from '../claims.js';
import { AT_ONCE, type Rule } from '../rule.js';
import { collecting, LONG_PROMPT, type TestCall } from '../test-call.js';

interface Expected {
  digits: string;
  ended: string;
  /** Seconds from the command to its result. */
  from?: number;
  to: number;
}

/** The far end "presses" has pressed all its keys, in seconds after its answer. */
const KEYS_PRESSED = 6;

/** The rules of this file. */
export const digits: Rule[] = [
  {
    id: 'collect-digits',
    title: 'The terminator ends `collect`, and is no part of the digits',
    section: 'Results',
    needs: ['presses'],
    async check(call) {
      await call.reach('presses');
      await collects(call, collecting(10), { digits: '12', ended: 'complete', to: 4 + AT_ONCE });
    },
  },
  {
    id: 'collect-max',
    title: '`collect` completes when `max` digits are there',
    section: 'Commands',
    needs: ['presses'],
    async check(call) {
      await call.reach('presses');
      const two = collecting(10, { max: 2, terminator: '' });
      await collects(call, two, { digits: '12', ended: 'complete', to: 3 + AT_ONCE });
    },
  },
  {
    id: 'collect-timeout',
    title: '`collect` ends with `timeout` when `interDigitTimeout` passes after a digit',
    section: 'Results',
    needs: ['presses'],
    async check(call) {
      await call.reach('presses');
      const open = collecting(10, { terminator: '', interDigitTimeout: 2 });
      await collects(call, open, { digits: '12#', ended: 'timeout', from: 4, to: 6 + AT_ONCE });
    },
  },
  {
    id: 'collect-no-input',
    title: '`collect` ends with `noInput` and no digits when `firstDigitTimeout` passes',
    section: 'Results',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      await collects(call, collecting(2), { digits: '', ended: 'noInput', from: 1.5, to: 2 + AT_ONCE });
    },
  },
  {
    id: 'digit-cuts-prompt',
    title: 'A digit cuts the prompt of a `collect`',
    section: 'Commands',
    needs: ['presses'],
    async check(call) {
      await call.reach('presses');
      const asked = collecting(10, { prompts: LONG_PROMPT });
      await collects(call, asked, { digits: '12', ended: 'complete', to: 4 + AT_ONCE });
    },
  },
  {
    id: 'early-digits-dropped',
    title: 'Without `keepDigits`, digits pressed before a `collect` do not count',
    section: 'Commands',
    needs: ['presses'],
    async check(call) {
      await pressedEarly(call);
      await collects(call, collecting(2), { digits: '', ended: 'noInput', from: 1.5, to: 2 + AT_ONCE });
    },
  },
  {
    id: 'early-digits-kept',
    title: 'With `keepDigits`, digits pressed before a `collect` count, and cut its prompt before a word',
    section: 'Commands',
    needs: ['presses'],
    async check(call) {
      await pressedEarly(call);
      const kept = collecting(10, { prompts: LONG_PROMPT, keepDigits: true });
      await collects(call, kept, { digits: '12', ended: 'complete', to: AT_ONCE });
    },
  },
];

/** Lets the far end press its keys while a prompt plays; the prompt has not ended then. */
async function pressedEarly(call: TestCall): Promise<void> {
  await call.reach('presses');
  call.give('play', { prompts: [...LONG_PROMPT, ...LONG_PROMPT] });
  await call.wait(KEYS_PRESSED);
}

async function collects(call: TestCall, fields: CommandFields['collect'], expected: Expected): Promise<void> {
  const outcome = await call.obey('collect', fields);
  const { digits, ended, from = 0, to } = expected;
  const said = fieldsOf(outcome);
  const seconds = secondsOf(outcome);
  const kept = said.result === 'done' && said.digits === digits && said.ended === ended;
  claim(
    kept && seconds >= from && seconds <= to,
    `collect to end with the digits "${digits}" and "${ended}" ${from > 0 ? `after ${from} to ${to} s` : `within ${to} s`}`,
    describe(outcome),
  );
}
