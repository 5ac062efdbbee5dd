/**
 * Links in the tables of a page. Texts beside the code are read in editors and terminals too, so they hold no links: each page
 * says which of their words lead where.
 * @module
 */

/** Words of a page's tables, and where they lead. */
export type Links = Readonly<Record<string, string>>;

/**
 * The text with the first occurrence of each word in a line as a link.
 * @throws {Error} No line has the word.
 */
export function linked(text: string, links: Links): string {
  return Object.entries(links).reduce((before, [words, target]) => {
    const after = before
      .split('\n')
      .map((line) => line.replace(words, `[${words}](${target})`))
      .join('\n');
    if (after === before) throw new Error(`no text has the words "${words}", which link to ${target}`);
    return after;
  }, text);
}
