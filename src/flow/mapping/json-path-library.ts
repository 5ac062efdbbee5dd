/**
 * json-p3 as RFC 9535 wants it, where the package alone differs. Contract R4.
 * @module
 */
import {
  FunctionExpressionType,
  JSONPathEnvironment,
  JSONPathNode,
  JSONPathNodeList,
  Nothing,
  jsonpath,
  type JSONPathQuery,
  type JSONValue,
  type Token,
} from 'json-p3';
import { RE2JS } from 're2js';

const { LogicalType, ValueType } = FunctionExpressionType;

/** Deeper than any answer that JSON.parse and the stack allow; the package would stop at 50. */
const MAX_DEPTH = 100_000;

/** The first character that is no control character. */
const FIRST_PLAIN = 0x20;

/** Where paths are compiled. */
export const environment = new JSONPathEnvironment({ maxRecursionDepth: MAX_DEPTH });

/** The nodes that a query finds from a node on, without the package's limit of some 100,000 nodes a step. */
export function nodesOf(query: JSONPathQuery, from: JSONValue, root: JSONValue): JSONPathNode[] {
  let nodes: Iterable<JSONPathNode> = [new JSONPathNode(from, [], root)];
  for (const segment of query.segments) nodes = segment.lazyResolve(nodes);
  return [...nodes];
}

/** How the package reads a quoted string of a path. */
interface Strings {
  stringFromCodePoint(codepoint: number | undefined, token: Token): string;
  unescapeString(value: string, token: Token): string;
}

// The RFC has every control character as an escape and none as it is; the package refuses both.
const { parser } = environment as unknown as { parser: Strings };
const characterOf = parser.stringFromCodePoint.bind(parser);
const unescaped = parser.unescapeString.bind(parser);
parser.stringFromCodePoint = (codepoint, token) =>
  codepoint !== undefined && codepoint < FIRST_PLAIN ? String.fromCharCode(codepoint) : characterOf(codepoint, token);
parser.unescapeString = (value, token) => {
  const control = [...value].map((one) => one.charCodeAt(0)).find((one) => one < FIRST_PLAIN);
  if (control !== undefined) characterOf(control, token);
  return unescaped(value, token);
};

// Inside a filter within a filter the package takes the item for the root, so that `$` silently finds something else.
jsonpath.expressions.RelativeQuery.prototype.evaluate = function (context) {
  return new JSONPathNodeList(nodesOf(this.path, context.currentValue, context.rootValue));
};
jsonpath.expressions.RootQuery.prototype.evaluate = function (context) {
  return new JSONPathNodeList(nodesOf(this.path, context.rootValue, context.rootValue));
};

// The RFC counts characters, the package UTF-16 units.
environment.functionRegister.set('length', {
  argTypes: [ValueType],
  returnType: ValueType,
  call(value: unknown) {
    if (typeof value === 'string') return [...value].length;
    if (Array.isArray(value)) return value.length;
    return typeof value === 'object' && value !== null ? Object.keys(value).length : Nothing;
  },
});

// RE2 runs in linear time, so that no pattern and text can hold the worker; JavaScript's RegExp does not.
for (const [name, method] of [
  ['match', 'testExact'],
  ['search', 'test'],
] as const) {
  environment.functionRegister.set(name, {
    argTypes: [ValueType, ValueType],
    returnType: LogicalType,
    call: (text: unknown, pattern: unknown) =>
      typeof text === 'string' && typeof pattern === 'string' && (compiled(pattern)?.[method](text) ?? false),
  });
}

const patterns = new Map<string, RE2JS | undefined>();

/** A pattern that RE2 does not understand matches nothing, as the RFC says. Patterns may come from answers: few are kept. */
function compiled(pattern: string): RE2JS | undefined {
  if (!patterns.has(pattern)) {
    if (patterns.size >= 100) patterns.clear();
    patterns.set(pattern, compile(pattern));
  }
  return patterns.get(pattern);
}

function compile(pattern: string): RE2JS | undefined {
  try {
    // In I-Regexp a dot leaves out both line ends, in RE2 only the line feed.
    return RE2JS.compile(
      pattern.replace(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\./g, (part) => (part === '.' ? '[^\\n\\r]' : part)),
    );
  } catch {
    return undefined;
  }
}
