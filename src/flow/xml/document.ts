/**
 * Parses XML strictly, with namespaces and without DOCTYPE. Contract T4, R4.
 * @module
 */
import { DOMParser, type Document } from '@xmldom/xmldom';
import { XmlMarkup, XmlSyntaxError } from './markup.js';

/** The document of a well-formed text; everything that the parser would only warn of is an XmlSyntaxError. */
export function parseXml(text: string): Document {
  if (/^\s+<\?xml\s/.test(text)) {
    throw new XmlSyntaxError('a blank or an empty line stands before the XML declaration, which has to come first');
  }
  const markup = new XmlMarkup();
  markup.read(text);
  let fault: string | undefined;
  const parser = new DOMParser({
    onError: (_level, message, context: { locator?: { lineNumber: number; columnNumber: number } }) => {
      // U+FFFD is a character like any other; the parser takes it for a sign of a wrong charset.
      if (message.startsWith('Unicode replacement character')) return;
      fault ??= `${reasonIn(message)} at line ${context.locator?.lineNumber ?? 1}, column ${context.locator?.columnNumber ?? 1}`;
      throw new XmlSyntaxError(fault);
    },
  });
  try {
    return parser.parseFromString(text, 'text/xml');
  } catch {
    throw new XmlSyntaxError(fault ?? 'it is not well formed');
  }
}

/** The parser's messages quote the document from the first quote or colon on. */
function reasonIn(message: string): string {
  // The parser finds no other fault of names while it builds the document.
  if (message.includes('NamespaceError')) return 'it uses a namespace prefix that it does not declare';
  return (message.split(/["':]/)[0] ?? '').replace(/ (?:at|starting at) position \d+/, '').trim();
}
