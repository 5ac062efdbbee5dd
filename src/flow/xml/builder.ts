/**
 * Builds the nodes of an XML document as its text is read, numbered in document order. Contract R4.
 * @module
 */
import type { SaxesTagNS } from 'saxes';
import { Attributes, NODE, XMLNS, XmlNode } from './model.js';

type Name = Pick<SaxesTagNS, 'name' | 'prefix' | 'local' | 'uri'>;

/** What stands in a document goes in in its order; `document` is then its root. */
export class DocumentBuilder {
  readonly document = new XmlNode(NODE.document, '#document', 0, null);
  /** Elements that are open. */
  depth = 0;
  #count = 1;
  #parent = this.document;
  #last: XmlNode | null = null;

  /** @param bare whether prefixes are left out of names */
  constructor(private readonly bare: boolean) {}

  open(tag: SaxesTagNS): void {
    const element = this.#append(this.#named(NODE.element, tag));
    for (const name in tag.attributes) {
      const given = tag.attributes[name];
      if (given === undefined) continue;
      if (element.attributes.length === 0) element.attributes = new Attributes();
      const attribute = this.#named(NODE.attribute, given);
      attribute.nodeValue = given.value;
      attribute.ownerElement = element;
      element.attributes.push(attribute);
    }
    this.#parent = element;
    this.#last = null;
    this.depth += 1;
  }

  close(): void {
    this.#last = this.#parent;
    this.#parent = this.#parent.parentNode ?? this.document;
    this.depth -= 1;
  }

  /** Text and CDATA beside each other are one node. Blanks outside of the root element are none. */
  text(value: string): void {
    if (this.depth === 0) return;
    if (this.#last?.nodeType === NODE.text) this.#last.nodeValue = (this.#last.nodeValue ?? '') + value;
    else this.#append(this.#node(NODE.text, '#text')).nodeValue = value;
  }

  comment(value: string): void {
    this.#append(this.#node(NODE.comment, '#comment')).nodeValue = value;
  }

  instruction(target: string, value: string): void {
    this.#append(this.#node(NODE.instruction, target)).nodeValue = value;
  }

  /** The parser calls the declaration of a default namespace a name without a local part. */
  #named(type: number, { name, prefix, local, uri }: Name): XmlNode {
    const isBare = this.bare && uri !== XMLNS;
    const node = this.#node(type, isBare ? local : name);
    node.prefix = isBare || name === 'xmlns' ? null : prefix || null;
    node.localName = local || name;
    node.namespaceURI = uri || null;
    return node;
  }

  #node(type: number, name: string): XmlNode {
    return new XmlNode(type, name, this.#count++, this.document);
  }

  #append(node: XmlNode): XmlNode {
    node.parentNode = this.#parent;
    node.previousSibling = this.#last;
    if (this.#last === null) this.#parent.firstChild = node;
    else this.#last.nextSibling = node;
    this.#last = node;
    return node;
  }
}
