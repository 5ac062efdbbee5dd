/**
 * Puts the values of variables into text that is XML, each escaped by its place. Contract T4, T7, W5.
 * @module
 */
import { FORBIDDEN_CHARACTER, XmlMarkup } from '../xml/markup.js';
import { tokenize } from '../values/reference.js';
import { POLICIES, TemplateError, valueOf, type Lookup } from '../values/fill.js';

/**
 * The text with its values: escaped in text, attribute values and CDATA, and refused in any other place, so that none can add or
 * end an element. Whether it is well formed is not looked at. Contract T4.
 * @throws {TemplateError}
 */
export function withXmlValues(template: string, onMissing: keyof typeof POLICIES, lookup: Lookup): string {
  const markup = new XmlMarkup();
  let body = '';
  for (const token of tokenize(template)) {
    if (token.kind === 'text') {
      markup.read(token.text);
      body += token.text;
      continue;
    }
    const { place } = markup;
    if (place !== 'text' && place !== 'attribute' && place !== 'cdata') {
      const may = 'A variable may stand in text, in quoted attribute values and in CDATA';
      throw new TemplateError('INVALID_REQUEST', `${may}, but ${token.name} stands in a ${PLACES[place]}.`);
    }
    const value = valueOf(token, lookup) ?? POLICIES[onMissing](token.name);
    if (FORBIDDEN_CHARACTER.test(value)) {
      throw new TemplateError(
        'INVALID_REQUEST',
        `The value of ${token.name} holds a character that XML does not allow.`,
      );
    }
    const text = escaped(value, place);
    // Outside of its CDATA section a value can be escaped, whatever stands before and after it.
    body += place === 'cdata' ? `]]>${text}<![CDATA[` : text;
    markup.interrupt();
  }
  return body;
}

const PLACES = {
  comment: 'comment',
  instruction: 'processing instruction',
  tag: 'tag',
  reference: 'character reference',
} as const;

/** Line ends and tabs go as references where a parser would turn them into other blanks. */
function escaped(value: string, place: 'text' | 'attribute' | 'cdata'): string {
  const special = place === 'attribute' ? /[&<>"'\t\n\r]/g : /[&<>"'\r]/g;
  return value.replace(special, (char) => ENTITIES[char] ?? `&#${char.charCodeAt(0)};`);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
