/**
 * Text of strangers where people read it.
 * @module
 */

/**
 * The text as one line that begins no other and moves no cursor: control characters, line and paragraph separators and what
 * turns the direction of writing stand there by their number. Ids of calls and documents may hold any of them.
 */
export function plainLine(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
