/**
 * Finds what a JSON path points at. Contract R4.
 * @module
 */
import { type JsonTree } from '../json-text.js';
import { type Budget } from '../budget.js';
import { holds } from './filter.js';
import { PatternCache } from './regexp.js';
import { type Query, type Segment, type Selector } from './syntax.js';

/** What a query needs to know of its evaluation: the whole body, the work left, the patterns compiled so far. */
export interface Context {
  root: JsonTree;
  budget: Budget;
  patterns: PatternCache;
  nodes(query: Query, current: JsonTree): JsonTree[];
}

/** The values that a path finds in a body, in RFC 9535's order. Contract R4. */
export function evaluate(query: Query, root: JsonTree, budget: Budget): JsonTree[] {
  const context: Context = {
    root,
    budget,
    patterns: new PatternCache(),
    nodes: (inner, current) => nodesOf(inner, current, context),
  };
  return context.nodes(query, root);
}

function nodesOf(query: Query, current: JsonTree, context: Context): JsonTree[] {
  let nodes = [query.from === 'root' ? context.root : current];
  for (const segment of query.segments) {
    const found: JsonTree[] = [];
    for (const node of nodes) step(segment, node, found, context);
    nodes = found;
  }
  return nodes;
}

function step(segment: Segment, node: JsonTree, found: JsonTree[], context: Context): void {
  for (const selector of segment.selectors) select(selector, node, found, context);
  if (segment.descendant) for (const child of childrenOf(node, context.budget)) step(segment, child, found, context);
}

function select(selector: Selector, node: JsonTree, found: JsonTree[], context: Context): void {
  context.budget.spend(1);
  switch (selector.kind) {
    case 'name': {
      const value = node instanceof Map ? node.get(selector.name) : undefined;
      if (value !== undefined) found.push(value);
      return;
    }
    case 'index': {
      const value = Array.isArray(node) ? node.at(selector.index) : undefined;
      if (value !== undefined) found.push(value);
      return;
    }
    case 'wildcard':
      for (const child of childrenOf(node, context.budget)) found.push(child);
      return;
    case 'slice':
      if (Array.isArray(node)) for (const at of sliced(selector, node.length)) found.push(node[at] as JsonTree);
      return;
    case 'filter':
      for (const child of childrenOf(node, context.budget)) if (holds(selector.test, child, context)) found.push(child);
  }
}

function childrenOf(node: JsonTree, budget: Budget): Iterable<JsonTree> {
  if (Array.isArray(node)) {
    budget.spend(node.length);
    return node;
  }
  if (!(node instanceof Map)) return [];
  budget.spend(node.size);
  return node.values();
}

/** The indexes of a slice. RFC 9535, 2.3.4.2.2. */
function* sliced(slice: Extract<Selector, { kind: 'slice' }>, length: number): Generator<number> {
  const { step } = slice;
  const within = (at: number, low: number, high: number) => Math.min(Math.max(at < 0 ? at + length : at, low), high);
  if (step > 0) {
    const end = within(slice.end ?? length, 0, length);
    for (let at = within(slice.start ?? 0, 0, length); at < end; at += step) yield at;
  } else if (step < 0) {
    const end = slice.end === undefined ? -1 : within(slice.end, -1, length - 1);
    for (let at = within(slice.start ?? length - 1, -1, length - 1); at > end; at += step) yield at;
  }
}
