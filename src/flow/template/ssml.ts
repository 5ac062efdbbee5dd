/**
 * Puts the values of variables into SSML. Contract T7, D2d.
 * @module
 */
import type { Lookup } from '../values/fill.js';
import { withXmlValues } from './xml-values.js';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * SSML with its values, each escaped; an absent one leaves nothing in its place (W5). What is no whole document gets `speak` around
 * it.
 * @throws {TemplateError} INVALID_REQUEST for a value that XML does not allow, or that stands in a tag
 *
 * @example fillSsml('Dear <emphasis>$flow.key.name</emphasis>', lookup)
 */
export function fillSsml(template: string, lookup: Lookup): string {
  const filled = withXmlValues(template, 'empty', lookup).trim();
  return /^(?:<\?xml[^>]*>\s*)?<speak[\s>]/.test(filled) ? filled : `<speak>${filled}</speak>`;
}

/** What SSML says, for those that read plain text only. What is never closed ends with the text, so that reading it takes linear time. */
export function textOfSsml(ssml: string): string {
  const text = ssml.replace(/<!\[CDATA\[([^]*?)(?:\]\]>|$)/g, (_, inside: string) =>
    inside.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
  );
  return text
    .replace(/<!--[^]*?(?:-->|$)|<[^>]*(?:>|$)/g, ' ')
    .replace(
      /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi,
      (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return ENTITIES[name] ?? whole;
        const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      },
    )
    .replace(/\s+/g, ' ')
    .trim();
}
