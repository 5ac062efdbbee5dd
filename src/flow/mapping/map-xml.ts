/**
 * Maps an XML answer to variables. Contract R4-R6.
 * @module
 */
import { type Document } from '@xmldom/xmldom';
import { checkXPath } from './paths.js';
import { KEPT_ITEMS, MappingError, mapRows, type Found, type MapRow, type Mapped } from './write.js';
import { parseXml } from '../xml/document.js';
import { XmlSyntaxError } from '../xml/markup.js';
import { XMLNS, modelOf, type XmlNode } from '../xml/model.js';
import { evaluateXPath, parseXPath, textOf, type Result } from './xpath.js';

const ELEMENT = 1;

/**
 * The writes of all rows over an answer, or MappingError and none of them. Contract R4-R6.
 *
 * Of a prefix that the answer's root and `namespaces` both declare, `namespaces` decides. An element that is there but
 * empty is a match, the empty string; an expression that gives NaN has no value.
 *
 * @example mapXml('<order><status>sent</status></order>', [{ saveIn: '$flow.key.status', path: '/order/status', mandatory: true }], {})
 */
export function mapXml(text: string, rows: MapRow[], namespaces: Record<string, string>): Mapped {
  const answer = new Answer(read(text), namespaces);
  return mapRows(
    rows,
    (path, written) => foundIn(answer.evaluate(path, written)),
    (path, written) => answer.namespaceHint(path, written),
  );
}

function read(text: string): Document {
  try {
    return parseXml(text);
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error;
    throw new MappingError('INVALID_RESPONSE', `The answer is not XML: ${error.message}.`);
  }
}

/** A path has a prefix that nobody declares: it finds nothing. Contract R4, R6. */
interface Undeclared {
  undeclared: string;
}

class UndeclaredPrefix extends Error {
  constructor(readonly prefix: string) {
    super();
  }
}

class Answer {
  readonly #document: Document;
  readonly #model: XmlNode;
  readonly #namespaces: Record<string, string>;

  constructor(document: Document, namespaces: Record<string, string>) {
    this.#document = document;
    this.#model = modelOf(document);
    this.#namespaces = namespaces;
  }

  /** @param written the path as the author wrote it, for messages */
  evaluate(path: string, written: string, model = this.#model, anyNamespace = false): Result | Undeclared {
    const expression = parseXPath(path);
    if (typeof expression === 'string') {
      throw new MappingError('INVALID_RESPONSE_MAP', checkXPath(written, {}) ?? expression);
    }
    try {
      return evaluateXPath(expression, model, (prefix) => this.#namespaceOf(prefix), anyNamespace);
    } catch (error) {
      if (error instanceof MappingError) throw error;
      if (error instanceof UndeclaredPrefix) return { undeclared: error.prefix };
      const why = error instanceof RangeError ? 'it looks too deep into this answer' : (error as Error).message;
      throw new MappingError('INVALID_RESPONSE_MAP', `The path ${written} cannot be evaluated: ${why}.`);
    }
  }

  /** Says when a path found nothing only because of a namespace: a prefix that nobody declares, or names without one. Contract R4. */
  namespaceHint(path: string, written: string): string {
    const model = modelOf(this.#document, true);
    const result = this.evaluate(path, written, model, true);
    if ('undeclared' in result) {
      return ` It has the prefix ${result.undeclared}, which neither the answer's root element nor response.namespaces declares.`;
    }
    let node = 'nodes' in result ? (result.nodes[0] ?? null) : result.scalar === undefined ? null : rootOf(model);
    while (node !== null && (node.nodeType !== ELEMENT || !node.namespaceURI)) {
      node = node.ownerElement ?? node.parentNode;
    }
    if (node === null) return '';
    return ` The element ${node.nodeName} is in namespace ${node.namespaceURI}: give it a prefix under response.namespaces.`;
  }

  #namespaceOf(prefix: string): string {
    const uri = Object.hasOwn(this.#namespaces, prefix)
      ? this.#namespaces[prefix]
      : rootOf(this.#model)?.getAttributeNS(XMLNS, prefix);
    if (uri) return uri;
    if (prefix === 'xml') return 'http://www.w3.org/XML/1998/namespace';
    throw new UndeclaredPrefix(prefix);
  }
}

function rootOf(model: XmlNode): XmlNode | null {
  let node = model.firstChild;
  while (node !== null && node.nodeType !== ELEMENT) node = node.nextSibling;
  return node;
}

/** A node set of more than one behaves as an array. Contract R5. */
function foundIn(result: Result | Undeclared): Found {
  if ('undeclared' in result) return { kind: 'nothing' };
  if ('scalar' in result) {
    return result.scalar === undefined ? { kind: 'nothing' } : { kind: 'one', value: result.scalar };
  }
  const { nodes } = result;
  const [only] = nodes;
  if (only === undefined) return { kind: 'nothing' };
  if (nodes.length === 1) return { kind: 'one', value: textOf(only) };
  return { kind: 'many', size: nodes.length, first: nodes.slice(0, KEPT_ITEMS).map(textOf) };
}
