/**
 * Rules of what plays on a leg: prompts, the hold tune, and what replaces what. Contract B3, H2.
 * @module
 */
import { claim, claimResult, fieldsOf, secondsOf, describe } from '../claims.js';
import type { Prompt } from '../../commands.js';
import { AT_ONCE, type Rule } from '../rule.js';
import { collecting, LONG_PROMPT } from '../test-call.js';

/** No voice speaks the long prompt in less, in seconds; all keys of "presses" come earlier. */
const PROMPT_SECONDS = 6;

/** Prompts of each kind that a bridge may not know. Contract D2d. */
const STYLED: readonly Prompt[] = [
  { text: 'Hello', language: 'en', voice: 'en' },
  { text: 'Hello', ssml: '<speak>Hello</speak>' },
  { text: '4 0 9 1', digits: '4091' },
  { text: '250 Indian rupees', amount: '250', currency: 'INR', language: 'en-IN' },
];

/** The rules of this file. */
export const media: Rule[] = [
  {
    id: 'play-to-its-end',
    title: '`play` completes when the last prompt has been heard; without `bargeIn` no key cuts it',
    section: 'Commands',
    needs: ['presses'],
    async check(call) {
      await call.reach('presses');
      const played = await call.obey('play', { prompts: LONG_PROMPT });
      claimResult(played, 'done', 'play of forty words');
      const heard = secondsOf(played) >= PROMPT_SECONDS;
      claim(
        heard,
        `play of forty words to take ${PROMPT_SECONDS} s and more, though keys are pressed`,
        describe(played),
      );
    },
  },
  {
    id: 'prompt-styles',
    title: 'A prompt with `language`, `voice`, SSML or a spoken form is played, at least its `text`',
    section: 'Prompts',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      for (const prompt of STYLED)
        claimResult(await call.obey('play', { prompts: [prompt] }), 'done', `play of ${JSON.stringify(prompt)}`);
    },
  },
  {
    id: 'barge-in',
    title: 'A key ends a `play` with `bargeIn`, and stays pressed for a `collect` with `keepDigits`',
    section: 'Commands',
    needs: ['presses'],
    async check(call) {
      await call.reach('presses');
      const played = await call.obey('play', { prompts: LONG_PROMPT, bargeIn: true });
      claimResult(played, 'done', 'play with bargeIn, when the first key is pressed after 2 s', 2 + AT_ONCE);
      const collected = await call.obey('collect', collecting(8, { keepDigits: true }));
      claim(
        fieldsOf(collected).digits === '12',
        'the digits "12", with the one that cut the prompt',
        describe(collected),
      );
    },
  },
  {
    id: 'hold-at-once',
    title: '`hold` completes as soon as the tune plays',
    section: 'Commands',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      claimResult(await call.obey('hold', {}), 'done', 'hold', AT_ONCE);
    },
  },
  {
    id: 'media-replaces-hold',
    title: 'A media command replaces the hold tune',
    section: 'What a bridge must keep',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      await call.obey('hold', {});
      claimResult(
        await call.obey('collect', collecting(1)),
        'done',
        'collect of 1 s during the hold tune',
        1 + AT_ONCE,
      );
    },
  },
  {
    id: 'media-replaces-media',
    title: 'A media command replaces another one, which completes',
    section: 'What a bridge must keep',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      const { outcome } = call.give('play', { prompts: LONG_PROMPT });
      await call.wait(1);
      const collected = await call.obey('collect', collecting(1));
      claimResult(await outcome, 'done', 'play that collect replaced after 1 s', 1 + AT_ONCE);
      claimResult(collected, 'done', 'collect of 1 s in place of play', 1 + AT_ONCE);
    },
  },
  {
    id: 'stop',
    title: '`stop` completes when nothing plays, and what played completes too',
    section: 'Commands',
    needs: ['answers'],
    async check(call) {
      await call.reach('answers');
      const { outcome } = call.give('play', { prompts: LONG_PROMPT });
      await call.wait(1);
      claimResult(await call.obey('stop', {}), 'done', 'stop', AT_ONCE);
      claimResult(await outcome, 'done', 'play that was stopped after 1 s', 1 + AT_ONCE);
    },
  },
];
