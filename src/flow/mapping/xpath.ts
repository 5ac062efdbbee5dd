/**
 * Parses and evaluates XPath 1.0. Contract R4.
 * @module
 */
import { type Expression } from 'xpath';
import { type XmlNode } from '../xml/model.js';
import { library } from './xpath-library.js';

/** What an expression gives: nodes in document order, or a string, number or boolean as text; NaN is no value. */
export type Result = { nodes: XmlNode[] } | { scalar: string | undefined };

const FUNCTIONS = new Set(
  `last position count id local-name namespace-uri name string concat starts-with contains substring-before
  substring-after substring string-length normalize-space translate boolean not true false lang number sum floor
  ceiling round node text comment processing-instruction and or div mod`.split(/\s+/),
);

/** The parsed expression, or what is wrong with it. Contract R4. */
export function parseXPath(path: string): Expression | string {
  const bare = path.replace(/"[^"]*"|'[^']*'/g, (literal) => "'".repeat(literal.length));
  const variable = bare.indexOf('$');
  if (variable >= 0) return `mapping paths have no variables, but "$" stands at character ${variable + 1}`;
  for (const call of bare.matchAll(/([A-Za-z_][\w.:-]*)\s*\(/g)) {
    const name = (call[1] ?? '').replace(/^.*::/, '');
    if (!FUNCTIONS.has(name)) return `there is no function ${name}() (character ${call.index + 1})`;
  }
  try {
    return library.parse(path);
  } catch {
    return 'it does not parse';
  }
}

/** Evaluates an expression over a document. `anyNamespace` lets unprefixed names match in every namespace. Contract R4. */
export function evaluateXPath(
  expression: Expression,
  document: XmlNode,
  namespaces: (prefix: string) => string,
  anyNamespace: boolean,
): Result {
  const value = expression.evaluate({ node: document, namespaces, allowAnyNamespaceForNoPrefix: anyNamespace });
  if (value instanceof library.XNodeSet) return { nodes: value.toArray() };
  const scalar = value.toString();
  return { scalar: scalar === 'NaN' ? undefined : scalar };
}

/** The text of a node: an element's whole text, an attribute's value. Contract R5. */
export function textOf(node: XmlNode): string {
  return new library.XNodeSet().stringForNode(node);
}
