/**
 * What became of each part of a flow that is imported.
 * @module
 */

/** One part: `changed` means something else here, `missing` has nothing here that does it. */
export interface Finding {
  /** The state's own name. */
  state: string;
  kind: 'kept' | 'changed' | 'missing';
  message: string;
}

const TITLES = { missing: 'Missing', changed: 'Changed', kept: 'Kept' } as const;

/** The findings as a page. */
export function reportOf(name: string, findings: readonly Finding[]): string {
  const sections = (['missing', 'changed', 'kept'] as const).map((kind) => {
    const rows = findings
      .filter((one) => one.kind === kind)
      .map(({ state, message }) => `| ${cell(state)} | ${cell(message)} |`);
    return `## ${TITLES[kind]} (${rows.length})\n\n${rows.length === 0 ? 'Nothing.' : ['| state | |', '|---|---|', ...rows].join('\n')}\n`;
  });
  return `# Import of ${cell(name)}\n\n${sections.join('\n')}`;
}

function cell(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replaceAll('|', '\\|');
}
