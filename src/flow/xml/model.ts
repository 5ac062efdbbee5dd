/**
 * XML as XPath 1.0 sees it: nodes that know their place in the document, with CDATA being text. Contract R4.
 * @module
 */
/** The kinds of nodes, by the numbers that the DOM gives them. */
export const NODE = { element: 1, attribute: 2, text: 3, instruction: 7, comment: 8, document: 9 } as const;

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

/** The attributes of an element, in their order. */
export class Attributes extends Array<XmlNode> {
  item(at: number): XmlNode | undefined {
    return this[at];
  }
}

/** Shared by all nodes without attributes, which are most: a list for each takes half of the time that a model does. */
const NO_ATTRIBUTES = new Attributes();
