/**
 * Parses the filters of JSON paths, and checks that what is compared can be compared. Contract R4.
 * @module
 */
import { type Scanner } from './scanner.js';
import { isSingular, type Comparison, type Operand, type Query, type Segment, type Test } from './syntax.js';

type ParseSegments = (scanner: Scanner) => Segment[];
type Term = Operand | Extract<Test, { kind: 'match' | 'search' }> | { kind: 'nodes'; query: Query };

const COMPARISONS: readonly Comparison[] = ['==', '!=', '<=', '>=', '<', '>'];
const MAX_NESTING = 100;

/** Parses what follows `?`; `segments` parses the steps of the queries inside. RFC 9535, 2.3.5. */
export function parseTest(scanner: Scanner, segments: ParseSegments): Test {
  return new FilterParser(scanner, segments).test();
}

class FilterParser {
  private nesting = 0;

  constructor(
    private readonly scanner: Scanner,
    private readonly segments: ParseSegments,
  ) {}

  test(): Test {
    if (++this.nesting > MAX_NESTING) this.scanner.fail(`no more than ${MAX_NESTING} parentheses may be nested`);
    const test = this.chain('or', '||', () => this.chain('and', '&&', () => this.basic()));
    this.nesting--;
    return test;
  }

  private chain(kind: 'or' | 'and', sign: string, term: () => Test): Test {
    const first = term();
    const terms = [first];
    while (this.scanner.acceptAfterBlanks(sign)) terms.push(term());
    return terms.length === 1 ? first : { kind, terms };
  }

  private basic(): Test {
    this.scanner.blanks();
    const negated = this.scanner.accept('!');
    if (negated) this.scanner.blanks();
    const test = this.scanner.accept('(') ? this.closed() : this.comparison(!negated);
    return negated ? { kind: 'not', term: test } : test;
  }

  private closed(): Test {
    const test = this.test();
    this.scanner.blanks();
    this.scanner.expect(')');
    return test;
  }

  private comparison(allowed: boolean): Test {
    const left = this.term();
    const operator = allowed ? COMPARISONS.find((sign) => this.scanner.acceptAfterBlanks(sign)) : undefined;
    if (operator !== undefined) {
      const leftValue = this.comparable(left);
      this.scanner.blanks();
      return { kind: 'compare', left: leftValue, operator, right: this.comparable(this.term()) };
    }
    if (left.kind === 'nodes') return { kind: 'exists', query: left.query };
    if (left.kind === 'match' || left.kind === 'search') return left;
    return this.scanner.fail('a comparison (==, !=, <, <=, >, >=) was expected');
  }

  private term(): Term {
    const { scanner } = this;
    if (scanner.accept('@')) return { kind: 'nodes', query: { from: 'current', segments: this.segments(scanner) } };
    if (scanner.accept('$') || scanner.acceptWord('data')) {
      return { kind: 'nodes', query: { from: 'root', segments: this.segments(scanner) } };
    }
    const called = scanner.functionName();
    if (called !== undefined) return this.call(called);
    for (const [word, value] of WORDS) if (scanner.acceptWord(word)) return { kind: 'literal', value };
    const value = scanner.string() ?? scanner.number();
    return value === undefined ? scanner.fail('@, $, a value or a function was expected') : { kind: 'literal', value };
  }

  private call(name: string): Term {
    this.scanner.expect('(');
    const term = this.callOf(name);
    this.scanner.blanks();
    this.scanner.expect(')');
    return term;
  }

  private callOf(name: string): Term {
    switch (name) {
      case 'length':
        return { kind: 'length', of: this.valueArgument() };
      case 'count':
      case 'value':
        return { kind: name, query: this.nodesArgument(name) };
      case 'match':
      case 'search': {
        const text = this.valueArgument();
        this.scanner.blanks();
        this.scanner.expect(',');
        return { kind: name, text, pattern: this.valueArgument() };
      }
      default:
        return this.scanner.fail(`no function ${name}() exists (length, count, value, match and search do)`);
    }
  }

  private valueArgument(): Operand {
    this.scanner.blanks();
    return this.comparable(this.term());
  }

  private nodesArgument(name: string): Query {
    this.scanner.blanks();
    const term = this.term();
    return term.kind === 'nodes'
      ? term.query
      : this.scanner.fail(`a path for ${name}(), such as @.items, was expected`);
  }

  private comparable(term: Term): Operand {
    if (term.kind === 'match' || term.kind === 'search') return this.scanner.fail(`${term.kind}() has no value to use`);
    if (term.kind !== 'nodes') return term;
    if (!isSingular(term.query)) this.scanner.fail('a path that finds at most one value was expected');
    return { kind: 'query', query: term.query };
  }
}

const WORDS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;
