import { expect, it } from 'vitest';
import { isLanguageTag, textFor } from './language-tag.js';

it('D2d: a language tag is one of BCP 47', () => {
  for (const tag of ['en', 'hi-IN', 'zh-Hant-TW', 'de-1996', 'es-419', 'en-u-nu-latn', 'yue', 'en-x-shop'])
    expect([tag, isLanguageTag(tag)]).toEqual([tag, true]);
  for (const tag of ['', 'e', 'english language', 'hi_IN', 'en-', '-en', '12', 'x', `en${'-abcde'.repeat(30)}`])
    expect([tag, isLanguageTag(tag)]).toEqual([tag, false]);
});

it('D2d: the text is looked up as RFC 4647 says, else it is the first, in the language under which it stands', () => {
  const texts = { en: 'Hello', 'hi-Latn': 'Namaste', hi: 'नमस्ते' };
  expect(textFor(texts, 'hi-IN')).toEqual({ text: 'नमस्ते', language: 'hi-IN' });
  expect(textFor(texts, 'HI-latn-IN-x-a')).toEqual({ text: 'Namaste', language: 'HI-latn-IN-x-a' });
  expect(textFor(texts, 'fr')).toEqual({ text: 'Hello', language: 'en' });
  expect(textFor(texts, undefined)).toEqual({ text: 'Hello', language: 'en' });
});
