/**
 * What a party hears. Contract D2, D2d.
 * @module
 */
import * as z from 'zod';
import { isLanguageTag } from '../values/language-tag.js';
import { exactNumber, text } from './common.js';

/** A language tag that stands in the document. */
export const languageTag = z.string().refine(isLanguageTag, 'A language is a tag of BCP 47, such as hi or en-IN.');

const operand = z.union([text, exactNumber]).transform(String);
const style = {
  language: text
    .optional()
    .describe('A tag of BCP 47; left out, or no such tag: that of the flow, the account, or the bridge.'),
  voice: text
    .optional()
    .describe('A name that the bridge knows; left out: that of the flow, the account, or the bridge.'),
};

const spoken = z.strictObject({ text: text.describe('A text to speak.'), ...style });
const file = z.strictObject({ file: text.describe('A file to play.'), ...style });
const ssml = z.strictObject({ ssml: text.min(1).describe('A text in SSML; values are XML-escaped.'), ...style });
const texts = z.strictObject({
  texts: z
    .record(languageTag, text)
    .refine((all) => Object.keys(all).length > 0, 'There is at least one text.')
    .describe('Language to text: that of the language, else the first.'),
  ...style,
});
const digits = z.strictObject({ digits: operand.describe('Digits, spoken one by one.'), ...style });
const number = z.strictObject({ number: operand.describe('A number.'), ...style });
const amount = z.strictObject({
  amount: operand.describe('A number, of money.'),
  currency: text.describe('Three letters of ISO 4217, such as INR.'),
  ...style,
});
const date = z.strictObject({ date: text.describe('A day or a moment, ISO 8601.'), ...style });
const time = z.strictObject({ time: text.describe('A moment, or a time of day such as 17:30.'), ...style });

const error = 'A prompt is { text: ... }, { file: ... } or another of its kinds, or a list of them.';
const onePrompt = z.union([spoken, file, ssml, texts, digits, number, amount, date, time], { error });

/** What the party hears: one thing, or several in a row. */
export const prompt = z
  .union([onePrompt, z.array(onePrompt).min(1).max(50)], { error })
  .describe(
    'What the party hears: `{ text }`, `{ file }`, `{ ssml }`, `{ texts }` by language, a spoken form, or a list of these, one after the other.',
  );

/** A prompt as a flow writes it. */
export type PromptField = z.output<typeof prompt>;
/** One prompt of a list. */
export type OnePrompt = z.output<typeof onePrompt>;
/** A prompt that says a value in the way of its language. */
export type SpokenFormField = Exclude<
  OnePrompt,
  { text: string } | { file: string } | { ssml: string } | { texts: object }
>;
