/**
 * Reads XML strictly, with namespaces and without DOCTYPE. Contract T4, R4.
 * @module
 */
import { SaxesParser } from 'saxes';
import { DocumentBuilder } from './builder.js';
import { FORBIDDEN_CHARACTER, MAX_DEPTH, XmlSyntaxError } from './markup.js';
import type { XmlNode } from './model.js';

const OPTIONS = { xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true } as const;
/** The only entities that there are without a DOCTYPE. */
const ENTITIES = { amp: '&', gt: '>', lt: '<', quot: '"', apos: "'" };

/**
 * The document of a well-formed text, read in time that grows with its length.
 * @param bare leaves prefixes out of names, to find what a path would have found but for namespaces
 * @throws {XmlSyntaxError} when it is not well formed, has a DOCTYPE, or is nested deeper than 500 elements
 */
export function parseXml(text: string, bare = false): XmlNode {
  if (/^\s+<\?xml\s/.test(text)) {
    throw new XmlSyntaxError('a blank or an empty line stands before the XML declaration, which has to come first');
  }
  if (FORBIDDEN_CHARACTER.test(text)) throw new XmlSyntaxError('it holds a character that XML does not allow');
  const parser = new SaxesParser(OPTIONS);
  // The parser's own list inherits from Object: `&constructor;` would be an entity.
  Object.assign(Object.setPrototypeOf(parser.ENTITIES, null), ENTITIES);
  const builder = new DocumentBuilder(bare);
  parser.on('error', ({ message }) => {
    throw new XmlSyntaxError(reasonIn(message, text.slice(0, parser.position)));
  });
  parser.on('doctype', () => {
    throw new XmlSyntaxError('it has a DOCTYPE');
  });
  parser.on('opentag', (tag) => {
    builder.open(tag);
    if (builder.depth > MAX_DEPTH) throw new XmlSyntaxError(`it is nested deeper than ${MAX_DEPTH} elements`);
  });
  parser.on('closetag', () => builder.close());
  parser.on('text', (value) => builder.text(value));
  parser.on('cdata', (value) => builder.text(value));
  parser.on('comment', (value) => builder.comment(value));
  parser.on('processinginstruction', ({ target, body }) => builder.instruction(target, body));
  parser.write(text).close();
  return builder.document;
}

/** @param message begins with line and column, and quotes the document after its last colon */
function reasonIn(message: string, read: string): string {
  const [line, column, reason = ''] = message.split(':');
  if (reason.includes('doctype') || /<!d[^<]*$/i.test(read.slice(-20))) return 'it has a DOCTYPE';
  const why = reason.includes('unbound namespace') ? 'it uses a namespace prefix that it does not declare' : reason;
  return `${why.trim().replace(/\.$/, '')} at line ${line}, column ${column}`;
}
