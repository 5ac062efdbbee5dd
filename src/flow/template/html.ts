/**
 * Puts the values of variables into HTML. Contract T4's rule, for the body of an email.
 * @module
 */
import { fill, type Lookup, orFail } from '../values/fill.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Fills an HTML template: values are escaped, so that in text and in quoted attribute values they stay text.
 *
 * @example fillHtml('<p>Dear $flow.key.name</p>', lookup)
 */
export function fillHtml(template: string, lookup: Lookup): string {
  return fill(template, lookup, orFail, escaped);
}

function escaped(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
