/**
 * Checks mapping paths before a call. Contract R4: a path that does not parse in its dialect is refused at validation.
 * @module
 */
import { samplePath } from './filled-path.js';
import { PathSyntaxError, compilePath, fromItem } from './json-path.js';
import type { JsonDialect } from './map-json.js';
import { checkPlusPath } from './jsonpath-plus.js';
import { parseXPath } from './xpath.js';

/** What is wrong with a JSON path and where, or undefined. Contract R4. */
export function checkJsonPath(path: string, dialect: JsonDialect): string | undefined {
  const sample = samplePath(path, dialect);
  try {
    if (dialect === 'rfc9535') compilePath(sample);
    else checkPlusPath(sample);
    return undefined;
  } catch (error) {
    if (!(error instanceof PathSyntaxError)) throw error;
    return `The path ${path} is not valid: ${error.message}.`;
  }
}

/** What is wrong with the path of a field of a list, or undefined. Contract R5b. */
export function checkItemPath(path: string, dialect: JsonDialect): string | undefined {
  try {
    return checkJsonPath(fromItem(path), dialect)?.replace(/^The path data/, 'The path item');
  } catch (error) {
    if (!(error instanceof PathSyntaxError)) throw error;
    return `The path ${path} is not valid: ${error.message}.`;
  }
}

/** What is wrong with an XPath 1.0 expression, or undefined. Prefixes may still come from the answer's root. Contract R4. */
export function checkXPath(path: string, namespaces: Record<string, string>): string | undefined {
  const empty = Object.entries(namespaces).find(([, uri]) => uri === '');
  if (empty) return `The prefix ${empty[0]} under response.namespaces has an empty namespace.`;
  const parsed = parseXPath(samplePath(path, 'xpath'));
  return typeof parsed === 'string' ? `The path ${path} is not valid XPath 1.0: ${parsed}.` : undefined;
}
