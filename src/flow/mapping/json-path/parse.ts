/**
 * Parses JSON paths: RFC 9535 with `data` for `$`, and the flow author's spellings. Contract R4.
 * @module
 */
import { parseTest } from './parse-filter.js';
import { Scanner } from './scanner.js';
import { type Query, type Segment, type Selector } from './syntax.js';

/**
 * Parses a path, or throws JsonPathError. Contract R4.
 *
 * Beyond RFC 9535 a dotted name may hold dashes (`data.order-id`), and inside filters `data` is the root as `$` is.
 *
 * @example parseJsonPath("data.orders[?(@.price < 0.5)].order-id")
 */
export function parseJsonPath(path: string): Query {
  const scanner = new Scanner(path);
  if (!scanner.acceptWord('data')) scanner.fail('"data", which stands for the whole body, was expected');
  const segments = parseSegments(scanner);
  if (!scanner.atEnd) scanner.fail('".", ".." or "[" was expected');
  return { from: 'root', segments };
}

function parseSegments(scanner: Scanner): Segment[] {
  const segments: Segment[] = [];
  for (;;) {
    if (scanner.acceptAfterBlanks('..')) segments.push({ descendant: true, selectors: afterDots(scanner) });
    else if (scanner.acceptAfterBlanks('.')) segments.push({ descendant: false, selectors: [dotted(scanner)] });
    else if (scanner.acceptAfterBlanks('[')) segments.push({ descendant: false, selectors: bracketed(scanner) });
    else return segments;
  }
}

function afterDots(scanner: Scanner): Selector[] {
  return scanner.accept('[') ? bracketed(scanner) : [dotted(scanner)];
}

function dotted(scanner: Scanner): Selector {
  if (scanner.accept('*')) return { kind: 'wildcard' };
  const name = scanner.name();
  return name === undefined
    ? scanner.fail("a name or * was expected (other names go into brackets, ['1st']),")
    : { kind: 'name', name };
}

function bracketed(scanner: Scanner): Selector[] {
  const selectors: Selector[] = [];
  do {
    scanner.blanks();
    selectors.push(selector(scanner));
    scanner.blanks();
  } while (scanner.accept(','));
  if (!scanner.accept(']')) scanner.fail('"," or "]" was expected');
  return selectors;
}

function selector(scanner: Scanner): Selector {
  if (scanner.accept('*')) return { kind: 'wildcard' };
  if (scanner.accept('?')) return { kind: 'filter', test: parseTest(scanner, parseSegments) };
  const name = scanner.string();
  if (name !== undefined) return { kind: 'name', name };
  const start = scanner.integer();
  if (scanner.acceptAfterBlanks(':')) return slice(scanner, start);
  if (start === undefined) scanner.fail('a quoted name, an index, a slice, * or a filter was expected');
  return { kind: 'index', index: start };
}

function slice(scanner: Scanner, start: number | undefined): Selector {
  scanner.blanks();
  const end = scanner.integer();
  let step: number | undefined;
  if (scanner.acceptAfterBlanks(':')) {
    scanner.blanks();
    step = scanner.integer();
  }
  return { kind: 'slice', start, end, step: step ?? 1 };
}
