/**
 * Language tags, and the choice among texts by language. Contract D2d.
 * @module
 */

/** BCP 47 (RFC 5646, 2.1): language, script, region, variants, extensions, private use. */
const TAG =
  /^(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3})){0,5}(?:-[a-wyz\d](?:-[a-z\d]{2,8}){1,5}){0,5}(?:-x(?:-[a-z\d]{1,8}){1,5})?$/i;
const MAX_LENGTH = 100;

/** Whether a text is a language tag, such as `hi` or `en-IN`. */
export function isLanguageTag(text: string): boolean {
  return text.length <= MAX_LENGTH && TAG.test(text);
}

/** A text and the language that it is in. */
export interface ChosenText {
  text: string;
  language: string | undefined;
}

/**
 * The text for a language, by the look-up of RFC 4647, 3.4: `hi-Latn-IN`, then `hi-Latn`, then `hi`. Without one, or when none
 * fits, the first text, with the tag that it stands under.
 */
export function textFor(texts: Readonly<Record<string, string>>, language: string | undefined): ChosenText {
  const known = new Map(Object.entries(texts).map(([tag, text]) => [tag.toLowerCase(), text]));
  for (let parts = language?.toLowerCase().split('-') ?? []; parts.length > 0; parts = shorter(parts)) {
    const text = known.get(parts.join('-'));
    if (text !== undefined) return { text, language };
  }
  const [tag, text = ''] = Object.entries(texts)[0] ?? [];
  return { text, language: tag };
}

/** Without its last part, and without a single letter or digit that then stands last. */
function shorter(parts: readonly string[]): string[] {
  const left = parts.slice(0, -1);
  return left.at(-1)?.length === 1 ? left.slice(0, -1) : left;
}
