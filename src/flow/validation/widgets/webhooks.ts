/**
 * What validation knows of outgoing requests: URLs, bodies, secrets, credentials and mapping paths. Contract W2, W3, W7, R4, E1.
 * @module
 */
import type { Account } from '../../documents/account.js';
import type { Problem } from '../../errors.js';
import { type PathLanguage, misplacedVariable } from '../../mapping/filled-path.js';
import { languageOf, languageWithin } from '../../mapping/filled-rows.js';
import { type RowPath, type RowSet, pathsOf, rowsIn } from '../../values/response-rows.js';
import { checkItemPath, checkJsonPath, checkXPath } from '../../mapping/paths.js';
import { textsBelow, variablesIn } from '../../values/reference.js';
import { fillJson } from '../../template/json.js';
import type { WidgetOf } from '../../widgets/index.js';
import { contractErrors } from './contracts.js';
import { MAX_SUGGESTIONS, suggestion } from '../nearest.js';
import { pointer } from '../pointer.js';

type Webhook = WidgetOf<'webhook'>;
type Auth = Webhook['request']['auth'];
type Path = readonly PropertyKey[];

/** Faults of a webhook widget that do not depend on the account. */
export function webhookErrors(widget: Webhook, path: Path): Problem[] {
  const place = [...path, 'request'];
  return [
    ...bodyErrors(widget.request, place),
    ...urlErrors(widget.request.url, place),
    ...tlsErrors(widget.request, path),
    ...pathErrors(widget.response, [...path, 'response']),
    ...reuseErrors(widget, path),
    ...contractErrors(widget.response, [...path, 'response']),
  ];
}

/** A body that the method carries not. Contract W7. */
export function bodyErrors({ method, body }: Webhook['request'], path: Path): Problem[] {
  if (body.type === 'none' || (method !== 'GET' && method !== 'HEAD')) return [];
  const message = `A ${method} request carries no body.`;
  return [{ code: 'BODY_NOT_ALLOWED', pointer: pointer(...path, 'body'), message }];
}

/** A client certificate, or an authority, where there is no TLS. Contract W3. */
export function tlsErrors({ url, tls }: Webhook['request'], path: Path): Problem[] {
  if (!tls || !/^http:/i.test(url)) return [];
  const message = 'A request to http: has no TLS. Use https:, or remove "tls".';
  return [{ code: 'INVALID_VALUE', pointer: pointer(...path, 'request', 'tls'), message }];
}

/** Faults of a URL that no value of a variable can mend. Contract W2. */
export function urlErrors(url: string, path: Path): Problem[] {
  const problems: Problem[] = [];
  const place = pointer(...path, 'url');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url)?.[1]?.toLowerCase();
  const literal = variablesIn(url).length === 0;
  if ((literal && scheme === undefined) || (scheme !== undefined && scheme !== 'https' && scheme !== 'http')) {
    problems.push({
      code: 'INVALID_VALUE',
      pointer: place,
      message: 'The URL must start with https: (or http: where the account allows it).',
    });
  }
  if (/^[^/]*\/\/[^/?#]*@/.test(url)) {
    problems.push({
      code: 'INVALID_VALUE',
      pointer: place,
      message: 'A URL carries no credentials. Use "auth".',
    });
  }
  return problems;
}

function pathErrors(response: Webhook['response'], path: Path): Problem[] {
  return [
    ...rowErrors(response, path),
    ...(response.onFailure ? rowErrors(response.onFailure, [...path, 'onFailure']) : []),
  ];
}

function rowErrors(rows: RowSet, path: Path): Problem[] {
  return rowsIn(rows).flatMap((row, index) =>
    pathsOf(row).flatMap((one): Problem[] => {
      const fault = pathFault(rows, one);
      if (fault === undefined) return [];
      return [{ code: 'INVALID_PATH', pointer: pointer(...path, 'map', index, ...one.place), message: fault }];
    }),
  );
}

function pathFault(rows: RowSet, { path, from }: RowPath): string | undefined {
  const language = from === 'json' || from === 'xml' ? languageWithin(rows, from) : languageOf(rows);
  const check = from === 'item' ? checkItemPath : checkJsonPath;
  const namespaces = rows.type === 'xml' ? rows.namespaces : {};
  const fault = language === 'xpath' ? checkXPath(path, namespaces) : check(path, language);
  return fault && (variableFault(path, language) ?? fault);
}

/** Answers that are reused where a request does something. Contract R11. */
function reuseErrors({ request, response: { reuse } }: Webhook, path: Path): Problem[] {
  if (!reuse || reuse.unsafe || request.method === 'GET' || request.method === 'HEAD') return [];
  const message = `The answer to a ${request.method} is reused only with "unsafe": true, for the target would not hear of the request.`;
  return [{ code: 'INVALID_VALUE', pointer: pointer(...path, 'response', 'reuse'), message }];
}

/** A key that does not tell the requests of a widget apart: one caller would hear the answer of another. Contract R11. */
export function commonKeyWarnings({ request, response: { reuse } }: Webhook, path: Path): Problem[] {
  const used = [...textsBelow(request)].flatMap(variablesIn);
  if (reuse?.key === undefined || used.length === 0) return [];
  if (variablesIn(reuse.key).some((name) => used.includes(name))) return [];
  const message = `The request holds ${used[0]}, and "key" names none of its variables: every call would get the same answer.`;
  return [{ code: 'REUSE_KEY_COMMON', pointer: pointer(...path, 'response', 'reuse', 'key'), message }];
}

/** Rows that take one list apart: where an item lacks a field, the values behind it move up. Contract R5b. */
export function shiftingRowWarnings({ response }: Webhook, path: Path): Problem[] {
  const lists = rowsIn(response).map((row) => /^.*\[\*\]/.exec(response.type === 'json' ? (row.path ?? '') : '')?.[0]);
  return lists.flatMap((list, index): Problem[] => {
    const first = lists.indexOf(list);
    if (list === undefined || first === index) return [];
    const message = `Row ${first + 1} takes values out of ${list}, too. Where an item lacks one, later values move up and no longer fit together: read the list by one row with "each" (R5b).`;
    return [{ code: 'ROWS_MAY_SHIFT', pointer: pointer(...path, 'response', 'map', index, 'path'), message }];
  });
}

/** A variable that would be read as a part of a path: no such path parses. Contract V4. */
function variableFault(path: string, language: PathLanguage): string | undefined {
  const name = misplacedVariable(path, language);
  if (name === undefined) return undefined;
  const quoted = language === 'jsonpath-plus' ? '' : ' inside a quoted string or';
  return `In a path a variable stands${quoted} alone as an index, [$flow.key.NAME]; ${name} does not.`;
}

/** A JSON body that cannot become JSON, as far as can be told before the variables are known. Contract T3. */
export function templateWarnings(widget: Webhook, path: Path): Problem[] {
  const { body } = widget.request;
  if (body.type !== 'json' || (typeof body.content === 'string' && variablesIn(body.content).length === 0)) return [];
  try {
    fillJson(body.content, 'empty', () => '0');
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ code: 'INVALID_TEMPLATE', pointer: pointer(...path, 'request', 'body', 'content'), message }];
  }
}

/** Faults that depend on the account: errors for a run, warnings where no account is given. Contract D5. */
export function accountFaults(url: string, auth: Auth, account: Account, path: Path): Problem[] {
  const problems: Problem[] = [];
  if (/^http:/i.test(url) && !account.httpEnabled) {
    problems.push({
      code: 'HTTP_NOT_ENABLED',
      pointer: pointer(...path, 'url'),
      message: 'The account does not allow http:. Use https:, or set httpEnabled.',
    });
  }
  if (auth.type === 'oauth2' && /^http:/i.test(auth.tokenUrl) && !account.httpEnabled) {
    problems.push({
      code: 'HTTP_NOT_ENABLED',
      pointer: pointer(...path, 'auth', 'tokenUrl'),
      message: 'The account does not allow http:. Use https:, or set httpEnabled.',
    });
  }
  return [...problems, ...secretFaults(auth, account, path)];
}

/** Secrets of rows and of TLS that the account does not have. Contract W3, W4. */
export function requestSecretFaults(
  { headers, query, body, tls = {} }: Webhook['request'],
  account: Account,
  path: Path,
): Problem[] {
  const rowsAt = (rows: Webhook['request']['headers'], ...place: PropertyKey[]) =>
    rows.map(({ value }, index) => [[...place, index, 'value'], value] as const);
  const values = [
    ...rowsAt(headers, 'headers'),
    ...rowsAt(query, 'query'),
    ...(body.type === 'form' ? rowsAt(body.fields, 'body', 'fields') : []),
    ...Object.entries(tls).map(([field, value]) => [['tls', field], value] as const),
  ];
  return values.flatMap(([place, value]) => unknownSecret(value, account, [...path, ...place]));
}

function unknownSecret(value: string | { secret: string } | undefined, { secrets }: Account, path: Path): Problem[] {
  if (typeof value !== 'object' || Object.hasOwn(secrets, value.secret)) return [];
  const hint = suggestion(value.secret, Object.keys(secrets).slice(0, MAX_SUGGESTIONS));
  const message = `The account has no secret "${value.secret}".${hint}`;
  return [{ code: 'UNKNOWN_SECRET', pointer: pointer(...path, 'secret'), message }];
}

/** Secrets that the account does not have. Contract W3. */
export function secretFaults(auth: Auth, account: Account, path: Path): Problem[] {
  return credentials(auth).flatMap(([field, value]) => unknownSecret(value, account, [...path, 'auth', field]));
}

/** Credentials that stand in the document. Contract W3. */
export function credentialWarnings(auth: Auth, path: Path): Problem[] {
  return credentials(auth).flatMap(([field, value]) => {
    if (field === 'username' || field === 'clientId' || typeof value !== 'string' || variablesIn(value).length > 0)
      return [];
    return [
      {
        code: 'LITERAL_CREDENTIAL' as const,
        pointer: pointer(...path, 'auth', field),
        message: `The ${field} stands in the document. Write { "secret": NAME } and add NAME to the account's secrets.`,
      },
    ];
  });
}

function credentials(auth: Auth): [field: string, value: string | { secret: string }][] {
  switch (auth.type) {
    case 'none':
      return [];
    case 'basic':
    case 'digest':
      return [['username', auth.username], ['password', auth.password]]; // prettier-ignore
    case 'bearer':
      return [['token', auth.token]];
    case 'hmac':
      return [['secret', auth.secret]];
    case 'apiKey':
      return [['value', auth.value]];
    case 'oauth2':
      return [['clientId', auth.clientId], ['clientSecret', auth.clientSecret]]; // prettier-ignore
  }
}

/** Names of signing secrets that the account does not have. Contract E5. */
export function signingErrors(
  named: NonNullable<Account['defaultWebhook']>['signingSecret'],
  { secrets }: Account,
): Problem[] {
  return [named ?? []].flat().flatMap(({ secret }, at) => {
    if (Object.hasOwn(secrets, secret)) return [];
    const place = ['defaultWebhook', 'signingSecret', ...(Array.isArray(named) ? [at] : []), 'secret'];
    return [{ code: 'UNKNOWN_SECRET', pointer: pointer(...place), message: `The account has no secret "${secret}".` }];
  });
}
