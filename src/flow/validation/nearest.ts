/**
 * The nearest known name to a mistyped one. Contract D1.
 * @module
 */

/** Names of one kind that are compared; a document written to keep us busy has thousands. */
const MAX_CANDIDATES = 200;
/** Slips in one place of a document for which a name is looked for. */
export const MAX_SUGGESTIONS = 20;

/** The candidate with the fewest edits to `name`, when that is close enough to be a slip; else undefined. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  // Of a name of one or two letters every other one is near.
  let fewest = name.length < 3 ? name.length : Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates.slice(0, MAX_CANDIDATES)) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

/** ` Did you mean "x"?` for a message, or nothing. */
export function suggestion(name: string, candidates: readonly string[]): string {
  const known = nearest(name, candidates);
  return known === undefined ? '' : ` Did you mean "${known}"?`;
}

/** Levenshtein distance, of the first 40 characters. */
function distance(a: string, b: string): number {
  const [left, right] = [a.slice(0, 40), b.slice(0, 40)];
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
