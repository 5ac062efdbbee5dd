/**
 * The regular expressions of `match()` and `search()`. Contract R4.
 * @module
 */
import { RE2JS } from 're2js';

/**
 * Whether a text matches a pattern as a whole (`match`) or somewhere (`search`). RFC 9535, 2.4.6 and 2.4.7.
 *
 * RE2 runs in linear time, so no pattern hangs the worker. It knows more than I-Regexp (`\d`), which then works;
 * what it does not understand matches nothing, as the RFC says.
 */
export class PatternCache {
  private readonly compiled = new Map<string, RE2JS | undefined>();

  test(kind: 'match' | 'search', text: string, pattern: string): boolean {
    const source = dotsAsRfc(pattern);
    if (!this.compiled.has(source)) this.compiled.set(source, compile(source));
    const regexp = this.compiled.get(source);
    if (regexp === undefined) return false;
    return kind === 'match' ? regexp.testExact(text) : regexp.test(text);
  }
}

/** In I-Regexp a dot leaves out both line ends, in RE2 only the line feed. */
function dotsAsRfc(pattern: string): string {
  return pattern.replace(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\./g, (part) => (part === '.' ? '[^\\n\\r]' : part));
}

function compile(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined;
  }
}
