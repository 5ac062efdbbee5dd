/**
 * The places of a page that are written by the program: each begins with `<!-- docs: NAME -->` and ends with `<!-- /docs -->`.
 * @module
 */

/** What stands between the markers of each name. */
export type Blocks = Readonly<Record<string, string>>;

const BLOCK = /<!-- docs: ([\w-]+) -->\n[^]*?<!-- \/docs -->/g;

/**
 * The page with each block written anew; all other text stays as it is.
 * @throws {Error} The page has a marker for which there is no block, or no marker for a block.
 */
export function filled(page: string, blocks: Blocks): string {
  const found = [...page.matchAll(BLOCK)].map(([, name = '']) => name);
  const unknown = found.filter((name) => !Object.hasOwn(blocks, name));
  const absent = Object.keys(blocks).filter((name) => !found.includes(name));
  if (unknown.length > 0) throw new Error(`no table is called ${unknown.join(', ')}`);
  if (absent.length > 0) throw new Error(`the page has no marker <!-- docs: ${absent.join(', ')} -->`);
  return page.replace(BLOCK, (_, name: string) => `<!-- docs: ${name} -->\n${blocks[name]}\n<!-- /docs -->`);
}
