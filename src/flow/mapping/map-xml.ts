/**
 * Looks into an XML answer by paths. Contract R4-R6, R5b.
 * @module
 */
import type { Expression } from 'xpath';
import { checkXPath } from './paths.js';
import { type Finder, type Found, foundValues, KEPT_ITEMS, type List, type RowPath } from './map-rows.js';
import { MappingError } from './write.js';
import { parseXml } from '../xml/document.js';
import { XmlSyntaxError } from '../xml/markup.js';
import { NODE, XMLNS, type XmlNode } from '../xml/model.js';
import { evaluateXPath, parseXPath, textOf, type Result } from './xpath.js';

/**
 * Looks into an XML text.
 *
 * Of a prefix that its root and `namespaces` both declare, `namespaces` decides. An element that is there but empty is a
 * match, the empty string; an expression that gives NaN has no value.
 *
 * @param name how messages call the text
 * @throws {MappingError} INVALID_RESPONSE for what is no XML
 */
export function xmlFinder(text: string, namespaces: Record<string, string>, name = 'The answer'): Finder {
  const answer = new Answer(text, name, namespaces);
  return {
    find: (path) => foundIn(answer.evaluate(path)),
    hint: (path) => answer.namespaceHint(path),
    list: (each, max) => listIn(answer.evaluate(each), each, max, answer),
  };
}

function read(text: string, name: string): XmlNode {
  try {
    return parseXml(text);
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error;
    throw new MappingError('INVALID_RESPONSE', `${name} is not XML: ${error.message}.`);
  }
}

/** The nodes of a path are the items. Contract R5b. */
function listIn(result: Result | Undeclared, { path }: RowPath, max: number, answer: Answer): List {
  if ('scalar' in result) {
    throw new MappingError('INVALID_RESPONSE_MAP', `The path ${path} gives a value, and not the items of a list.`);
  }
  const nodes = 'nodes' in result ? result.nodes : [];
  const first = nodes.slice(0, max);
  return { size: nodes.length, column: (field) => first.map((item) => fieldText(answer.evaluate(field, item))) };
}

/** A field of an item: the JSON text of a list, where it has several. Contract R5b. */
function fieldText(result: Result | Undeclared): string | null {
  if ('undeclared' in result) return null;
  if ('scalar' in result) return result.scalar ?? null;
  const texts = result.nodes.map(textOf);
  return texts.length > 1 ? JSON.stringify(texts) : (texts[0] ?? null);
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
  readonly #text: string;
  readonly #model: XmlNode;
  readonly #namespaces: Record<string, string>;
  readonly #expressions = new Map<string, Expression | string>();

  constructor(text: string, name: string, namespaces: Record<string, string>) {
    this.#text = text;
    this.#model = read(text, name);
    this.#namespaces = namespaces;
  }

  /** @param from the node from which a relative path goes on */
  evaluate(by: RowPath, from = this.#model, anyNamespace = false): Result | Undeclared {
    const { path, filled = path } = by;
    const expression = this.#parsed(filled);
    if (typeof expression === 'string') {
      throw new MappingError('INVALID_RESPONSE_MAP', checkXPath(path, {}) ?? expression);
    }
    try {
      return evaluateXPath(expression, from, (prefix) => this.#namespaceOf(prefix), anyNamespace);
    } catch (error) {
      if (error instanceof MappingError) throw error;
      if (error instanceof UndeclaredPrefix) return { undeclared: error.prefix };
      const why = error instanceof RangeError ? 'it looks too deep into this answer' : (error as Error).message;
      throw new MappingError('INVALID_RESPONSE_MAP', `The path ${path} cannot be evaluated: ${why}.`);
    }
  }

  /** Says when a path found nothing only because of a namespace: a prefix that nobody declares, or names without one. Contract R4. */
  namespaceHint(path: RowPath): string {
    const model = parseXml(this.#text, true);
    const result = this.evaluate(path, model, true);
    if ('undeclared' in result) {
      return ` It has the prefix ${result.undeclared}, which neither the answer's root element nor response.namespaces declares.`;
    }
    let node = 'nodes' in result ? (result.nodes[0] ?? null) : result.scalar === undefined ? null : rootOf(model);
    while (node !== null && (node.nodeType !== NODE.element || !node.namespaceURI)) {
      node = node.ownerElement ?? node.parentNode;
    }
    if (node === null) return '';
    return ` The element ${node.nodeName} is in namespace ${node.namespaceURI}: give it a prefix under response.namespaces.`;
  }

  /** A field of a list is parsed once, not for each item. */
  #parsed(path: string): Expression | string {
    const known = this.#expressions.get(path) ?? parseXPath(path);
    this.#expressions.set(path, known);
    return known;
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
  while (node !== null && node.nodeType !== NODE.element) node = node.nextSibling;
  return node;
}

/** A node set of more than one behaves as an array. Contract R5. */
function foundIn(result: Result | Undeclared): Found {
  if ('undeclared' in result) return { kind: 'nothing' };
  if ('scalar' in result) {
    return result.scalar === undefined ? { kind: 'nothing' } : { kind: 'one', value: result.scalar };
  }
  const { nodes } = result;
  const first = nodes.slice(0, KEPT_ITEMS).map(textOf);
  return nodes.length > 1 ? { kind: 'many', size: nodes.length, first } : foundValues(first);
}
