/**
 * Whether a list of an account allows a number: exactly, or by how it begins. Contract D3.
 * @module
 */

/** Whether a list allows a number; a list that is left out allows all. */
export function mayDial(allow: readonly string[] | undefined, number: string): boolean {
  if (allow === undefined) return true;
  const dialled = bare(number);
  return allow.some((entry) => {
    if (!entry.endsWith('*')) return dialled === bare(entry);
    const start = bare(entry.slice(0, -1));
    // What is no digit could lead a bridge elsewhere: `4930@another.example`, `4930,,0900`.
    return dialled.startsWith(start) && /^\d*$/.test(dialled.slice(start.length));
  });
}

function bare(number: string): string {
  return number.replace(/[ ().-]/g, '').replace(/^\+/, '');
}
