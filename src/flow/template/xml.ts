/**
 * Puts the values of variables into XML bodies. Contract T4, W5.
 * @module
 */
import { parseXml } from '../xml/document.js';
import { XmlSyntaxError } from '../xml/markup.js';
import { type POLICIES, TemplateError, type Lookup } from '../values/fill.js';
import { withXmlValues } from './xml-values.js';

/**
 * Fills an XML body: values are escaped in text, attribute values and CDATA, and refused in any other place, so that
 * none can add or end an element. The result must be well formed and has no DOCTYPE. Contract T4, W5.
 *
 * @example fillXml('<order id="$flow.key.order">$flow.key.note</order>', 'fail', lookup)
 */
export function fillXml(template: string, onMissing: keyof typeof POLICIES, lookup: Lookup): string {
  try {
    const body = withXmlValues(template, onMissing, lookup);
    parseXml(body);
    return body;
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error;
    throw new TemplateError('INVALID_REQUEST', `The XML body is not valid: ${error.message}.`);
  }
}
