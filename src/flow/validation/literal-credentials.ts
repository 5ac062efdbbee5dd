/**
 * Credentials that stand in a document, where everybody who reads it, or the history of a call, reads them. Contract W3.
 * @module
 */
import type { Problem } from '../errors.js';
import { variablesIn } from '../values/reference.js';
import type { WidgetOf } from '../widgets/index.js';
import { isObject, pointer } from './pointer.js';

type Path = readonly PropertyKey[];
type Request = WidgetOf<'webhook'>['request'];
type Row = { key: string; value: string | { secret: string } };

/** Names under which requests carry credentials. */
const NAMES =
  /^(authorization|proxy-authorization|cookie|pass|passwd|password|pwd|secret|client[-_]?secret|token|(access|auth|api|bearer|refresh)[-_]?token|(x[-_])?(api|auth|access)[-_]?key|x[-_](auth|access|api)[-_]token)$/i;

/** Credentials in headers, query, body and URL of a request, beside its `auth`. */
export function requestCredentials({ url, headers, query, body }: Request, path: Path): Problem[] {
  const queryOfUrl = url.slice(url.indexOf('?') + 1 || url.length).split('&');
  const inUrl = queryOfUrl.map((part) => ({ key: part.split('=')[0] ?? '', value: part.split('=')[1] ?? '' }));
  return [
    ...inUrl.filter(isCredential).map((row) => warning(row.key, [...path, 'url'])),
    ...rowCredentials(headers, [...path, 'headers']),
    ...rowCredentials(query, [...path, 'query']),
    ...(body.type === 'form' ? rowCredentials(body.fields, [...path, 'body', 'fields']) : []),
    ...(body.type === 'json' ? jsonCredentials(asValue(body.content), [...path, 'body', 'content']) : []),
  ];
}

/** Credentials in rows of keys and values. */
export function rowCredentials(rows: readonly Row[], path: Path): Problem[] {
  return rows.flatMap((row, index) => (isCredential(row) ? [warning(row.key, [...path, index, 'value'])] : []));
}

function jsonCredentials(value: unknown, path: Path): Problem[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item !== 'string'
      ? jsonCredentials(item, path)
      : isCredential({ key, value: item })
        ? [warning(key, path)]
        : [],
  );
}

/** The value of a body that is written as text; undefined where its variables keep it from being JSON. */
function asValue(content: unknown): unknown {
  if (typeof content !== 'string') return content;
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function isCredential({ key, value }: Row): boolean {
  return NAMES.test(key) && typeof value === 'string' && value.trim() !== '' && variablesIn(value).length === 0;
}

function warning(name: string, path: Path): Problem {
  return {
    code: 'LITERAL_CREDENTIAL',
    pointer: pointer(...path),
    message: `The value of "${name}" stands in the document. Write { "secret": NAME } in its place, or send it as "auth".`,
  };
}
