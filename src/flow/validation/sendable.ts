/**
 * Requests that no value of a variable can make sendable: found before a call instead of in each. Contract D1, T1-T6, W2, W7.
 * @module
 */
import type { Problem } from '../errors.js';
import { FRAMING_HEADERS, isHeaderName, isHeaderValue } from '../template/headers.js';
import { fillJson } from '../template/json.js';
import { TemplateError } from '../values/fill.js';
import { fillUrl } from '../template/url.js';
import { fillXml } from '../template/xml.js';
import { tokenize, variablesIn } from '../values/reference.js';
import type { WidgetOf } from '../widgets/index.js';
import { pointer } from './pointer.js';

type Request = WidgetOf<'webhook'>['request'];
type Path = readonly PropertyKey[];
type Row = Pick<Request['headers'][number], 'key' | 'value'>;
type TextRow = { key: string; value: string };

/** Stands for the value of any variable: it goes into every place that takes one. */
const ANY_VALUE = () => '1';

/** What of a request can never be sent. */
export function unsendable({ url, auth, headers, body }: Request, path: Path): Problem[] {
  return [
    ...urlFaults(url, path),
    ...authFaults(auth, path),
    ...rowFaults(headers, [...path, 'headers']),
    ...bodyFaults(body, [...path, 'body', 'content']),
  ];
}

/** What can never be sent of a request whose texts are no templates, as those of an account. */
export function unsendableAsWritten(
  { url, auth, headers = [] }: { url: string; auth: Request['auth']; headers?: readonly TextRow[] },
  path: Path,
): Problem[] {
  const written = writtenAuth(auth);
  const rows = headers.map(({ key, value }) => ({ key: asTemplate(key), value: asTemplate(value) }));
  return [...urlFaults(asTemplate(url), path), ...authFaults(written, path), ...rowFaults(rows, [...path, 'headers'])];
}

function writtenAuth(auth: Request['auth']): Request['auth'] {
  if (auth.type === 'hmac') return { ...auth, header: asTemplate(auth.header) };
  if (auth.type === 'apiKey') return { ...auth, name: asTemplate(auth.name) };
  return auth.type === 'oauth2' ? { ...auth, tokenUrl: asTemplate(auth.tokenUrl) } : auth;
}

/** A Content-Type row beside a multipart form: it has no effect. Contract T5. */
export function rowWarnings({ headers, body }: Request, path: Path): Problem[] {
  if (body.type !== 'form' || body.encoding !== 'multipart') return [];
  return headers.flatMap(({ key }, index): Problem[] => {
    if (key.toLowerCase() !== 'content-type') return [];
    const message = 'For a multipart form the engine writes this header, with the boundary: the row has no effect.';
    return [{ code: 'HEADER_IGNORED', pointer: pointer(...path, 'headers', index), message }];
  });
}

/** A URL of which the template itself has scheme, host and port: nothing that comes behind them can mend these. Contract W2. */
function urlFaults(url: string, path: Path): Problem[] {
  const [first, second] = tokenize(url);
  if (first?.kind !== 'text') return [];
  // What else the beginning of a URL may lack, `urlErrors` reports.
  const begins = /^https?:/i.test(first.text);
  if (!begins || (second !== undefined && !/^https?:(?:[^/]|\/(?!\/)|\/\/[^/?#\\]+[/?#\\])/i.test(first.text)))
    return [];
  const fault = (message: string): Problem[] => [{ code: 'INVALID_VALUE', pointer: pointer(...path, 'url'), message }];
  if (!/^https?:\/\//i.test(first.text)) return fault('Behind "https:" or "http:" two slashes are expected.');
  try {
    if (URL.canParse(fillUrl(url, ANY_VALUE))) return [];
    return fault('The URL is not valid: its host is none, or its port is not between 0 and 65535.');
  } catch (error) {
    if (error instanceof TemplateError) return fault(error.message);
    throw error;
  }
}

function authFaults(auth: Request['auth'], path: Path): Problem[] {
  const engines = new Set([...FRAMING_HEADERS, 'content-type']);
  if (auth.type === 'hmac') return nameFaults(auth.header, engines, pointer(...path, 'auth', 'header'));
  if (auth.type === 'apiKey' && auth.in === 'header')
    return nameFaults(auth.name, engines, pointer(...path, 'auth', 'name'));
  return auth.type === 'oauth2' ? tokenUrlFaults(auth.tokenUrl, path) : [];
}

/** What can never be the URL of a token server: also another scheme, which for the request's own URL `urlErrors` reports. */
function tokenUrlFaults(url: string, path: Path): Problem[] {
  const place = pointer(...path, 'auth', 'tokenUrl');
  const [first] = tokenize(url);
  if (first?.kind === 'text' && !/^https?:/i.test(first.text)) {
    const message = 'The URL must start with https: (or http: where the account allows it).';
    return [{ code: 'INVALID_VALUE', pointer: place, message }];
  }
  return urlFaults(url, path).map((fault) => ({ ...fault, pointer: place }));
}

function rowFaults(rows: readonly Row[], path: Path): Problem[] {
  return rows.flatMap(({ key, value }, index) => {
    const names = nameFaults(key, FRAMING_HEADERS, pointer(...path, index, 'key'));
    if (names.length > 0) return names;
    if (typeof value !== 'string' || isHeaderValue(withoutVariables(value))) return [];
    const message = 'The value of a header holds no line end and no other control character.';
    return [{ code: 'INVALID_VALUE' as const, pointer: pointer(...path, index, 'value'), message }];
  });
}

function nameFaults(name: string, engines: ReadonlySet<string>, place: string): Problem[] {
  const fault = (message: string): Problem[] => [{ code: 'INVALID_VALUE', pointer: place, message }];
  if (!isHeaderName(withoutVariables(name) || 'a')) return fault(`"${name}" is no name of a header.`);
  if (variablesIn(name).length > 0 || !engines.has(name.toLowerCase())) return [];
  return fault(`The header ${name} is the engine's alone: remove it.`);
}

function bodyFaults(body: Request['body'], path: Path): Problem[] {
  const fill =
    body.type === 'xml'
      ? () => fillXml(body.content, 'empty', ANY_VALUE)
      : // What a body with variables becomes depends on their values: INVALID_TEMPLATE warns of that.
        body.type === 'json' && typeof body.content === 'string' && variablesIn(body.content).length === 0
        ? () => fillJson(body.content, 'empty', ANY_VALUE)
        : undefined;
  try {
    fill?.();
    return [];
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return [{ code: 'INVALID_VALUE', pointer: pointer(...path), message: error.message }];
  }
}

/** The template's own text. */
function withoutVariables(template: string): string {
  return tokenize(template)
    .map((token) => (token.kind === 'text' ? token.text : ''))
    .join('');
}

/** A text as the template that gives it. Contract V2. */
function asTemplate(text: string): string {
  return text.replaceAll('$', '$$$$');
}
