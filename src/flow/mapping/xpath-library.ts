/**
 * The xpath package as XPath 1.0 wants it, where the package alone differs or takes too long. Contract R4.
 * @module
 */
import library, { type XNodeSet } from 'xpath';
import { XMLNS, type XmlNode } from '../xml/model.js';

const { PathExpr, Step, XNumber } = library;
const nodeSet = library.XNodeSet.prototype;
const { applyStep } = PathExpr;

// Declarations of namespaces are no attributes.
PathExpr.applyStep = (step, context, node) => {
  const nodes = applyStep(step, context, node);
  return step.axis === Step.ATTRIBUTE ? nodes.filter((one) => one.namespaceURI !== XMLNS) : nodes;
};

// The package compares every node with every other, and finds their order by counting siblings: 10,000 elements took it
// a minute. Our nodes know their place in the document.
nodeSet.addArray = function (this: XNodeSet, nodes) {
  this.nodes = [...new Set([...this.nodes, ...nodes])];
  this.size = this.nodes.length;
};

nodeSet.toArray = function (this: XNodeSet) {
  return [...this.nodes].sort((a, b) => placeOf(a) - placeOf(b));
};

nodeSet.first = function (this: XNodeSet) {
  let first: XmlNode | null = null;
  for (const node of this.nodes) if (first === null || placeOf(node) < placeOf(first)) first = node;
  return first;
};

// The package makes the number 0 of no node and of an empty one; it is NaN.
nodeSet.number = function (this: XNodeSet) {
  return new XNumber(this.toString());
};
nodeSet.numberValue = function (this: XNodeSet) {
  return this.number().numberValue();
};

/** Namespace nodes, which the package makes up itself, come right after their element. */
function placeOf(node: Partial<XmlNode>): number {
  return node.order ?? (node.ownerElement?.order ?? 0) + 0.5;
}

export { library };
