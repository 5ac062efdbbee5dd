/**
 * Checks mapping paths before a call. Contract R4: a path that does not parse in its dialect is refused at validation.
 * @module
 */
import { parseJsonPath } from './json-path/parse.js';
import { JsonPathError } from './json-path/scanner.js';
import { checkPlusPath } from './jsonpath-plus.js';
import { parseXPath } from './xpath.js';

/** How JSON paths are written: RFC 9535 with `data` for `$`, or jsonpath-plus. */
export type JsonDialect = 'rfc9535' | 'jsonpath-plus';

/** What is wrong with a JSON path and where, or undefined. Contract R4. */
export function checkJsonPath(path: string, dialect: JsonDialect): string | undefined {
  const fault = dialect === 'jsonpath-plus' ? checkPlusPath(path) : rfcFault(path);
  if (fault === undefined) return undefined;
  const start = /^data(?![\w-])/.test(path) ? '' : ' JSON paths start with "data".';
  return `The path ${path} is not valid: ${fault}.${start}`;
}

/** What is wrong with an XPath 1.0 expression, or undefined. Prefixes may still come from the answer's root. Contract R4. */
export function checkXPath(path: string, namespaces: Record<string, string>): string | undefined {
  const empty = Object.entries(namespaces).find(([, uri]) => uri === '');
  if (empty) return `The prefix ${empty[0]} under response.namespaces has an empty namespace.`;
  const parsed = parseXPath(path);
  return typeof parsed === 'string' ? `The path ${path} is not valid XPath 1.0: ${parsed}.` : undefined;
}

function rfcFault(path: string): string | undefined {
  try {
    parseJsonPath(path);
    return undefined;
  } catch (error) {
    if (error instanceof JsonPathError) return error.message;
    throw error;
  }
}
