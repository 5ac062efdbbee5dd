/**
 * XML as XPath 1.0 sees it: nodes that know their place in the document, with CDATA being text. Contract R4.
 * @module
 */
import { type Document, type Node } from '@xmldom/xmldom';

const ELEMENT = 1;
const ATTRIBUTE = 2;
const TEXT = 3;
const CDATA = 4;

/** The namespace of declarations of namespaces, which are no attributes to XPath. */
export const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** A node with just what XPath reads, under the DOM's names. */
export class XmlNode {
  parentNode: XmlNode | null = null;
  ownerElement: XmlNode | null = null;
  firstChild: XmlNode | null = null;
  previousSibling: XmlNode | null = null;
  nextSibling: XmlNode | null = null;
  prefix: string | null = null;
  localName: string | null = null;
  namespaceURI: string | null = null;
  nodeValue: string | null = null;
  attributes: Attributes = NO_ATTRIBUTES;

  constructor(
    readonly nodeType: number,
    readonly nodeName: string,
    /** The place in document order. */
    readonly order: number,
    readonly ownerDocument: XmlNode | null,
  ) {}

  get name(): string {
    return this.nodeName;
  }

  get value(): string | null {
    return this.nodeValue;
  }

  getAttributeNS(namespaceURI: string, localName: string): string | null {
    const found = this.attributes.find((one) => one.namespaceURI === namespaceURI && one.localName === localName);
    return found?.nodeValue ?? null;
  }

  /** There is no DOCTYPE that could declare ids. */
  getElementById(): null {
    return null;
  }
}

class Attributes extends Array<XmlNode> {
  item(at: number): XmlNode | undefined {
    return this[at];
  }
}

/** Shared by all nodes without attributes, which are most: a list for each takes half of the time that a model does. */
const NO_ATTRIBUTES = new Attributes();

/**
 * The nodes of a document, numbered in document order.
 * `bare` leaves prefixes out of names, to find what a path would have found but for namespaces.
 */
export function modelOf(document: Document, bare = false): XmlNode {
  return new Modeller(bare).model(document);
}

class Modeller {
  #count = 0;
  readonly #bare: boolean;

  constructor(bare: boolean) {
    this.#bare = bare;
  }

  model(document: Document): XmlNode {
    const root = new XmlNode(document.nodeType, document.nodeName, this.#count++, null);
    this.#addChildren(root, document, root);
    return root;
  }

  #addChildren(parent: XmlNode, source: Node, root: XmlNode): void {
    let last: XmlNode | null = null;
    for (let child = source.firstChild; child !== null; child = child.nextSibling) {
      const isText = child.nodeType === TEXT || child.nodeType === CDATA;
      if (isText && last?.nodeType === TEXT) {
        last.nodeValue = (last.nodeValue ?? '') + (child.nodeValue ?? '');
        continue;
      }
      const node: XmlNode = this.#copy(child, isText ? TEXT : child.nodeType, root);
      node.parentNode = parent;
      node.previousSibling = last;
      if (last === null) parent.firstChild = node;
      else last.nextSibling = node;
      this.#addAttributes(node, child, root);
      this.#addChildren(node, child, root);
      last = node;
    }
  }

  #addAttributes(element: XmlNode, source: Node, root: XmlNode): void {
    if (element.nodeType !== ELEMENT) return;
    const { attributes } = source as unknown as { attributes: ArrayLike<Node> };
    if (attributes.length === 0) return;
    element.attributes = new Attributes();
    for (const attribute of Array.from(attributes)) {
      const node = this.#copy(attribute, ATTRIBUTE, root);
      node.ownerElement = element;
      element.attributes.push(node);
    }
  }

  #copy(source: Node, nodeType: number, root: XmlNode): XmlNode {
    const { prefix, localName, namespaceURI } = source;
    const bareName = this.#bare && namespaceURI !== XMLNS ? localName : null;
    const node = new XmlNode(nodeType, bareName ?? source.nodeName, this.#count++, root);
    node.prefix = bareName === null ? prefix : null;
    node.localName = localName;
    node.namespaceURI = namespaceURI;
    node.nodeValue = source.nodeValue;
    return node;
  }
}
