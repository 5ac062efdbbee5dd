/**
 * From a task to a request: templates filled, credentials resolved, the engine's own headers added. Contract T, W2-W8.
 * @module
 */
import { fillHeaders, FRAMING_HEADERS } from '../flow/template/headers.js';
import { fill, type Lookup, orFail, TemplateError } from '../flow/values/fill.js';
import { filledRows } from '../flow/mapping/filled-rows.js';
import { rowSetsOf } from '../flow/values/response-rows.js';
import { literalHost } from '../flow/values/literal-host.js';
import type { Row } from '../flow/template/rows.js';
import { appendQuery, fillUrl } from '../flow/template/url.js';
import { targetOf } from '../observability/metric-targets.js';
import { attemptSpanId, spanIdOf, traceIdOf } from '../observability/trace-ids.js';
import type { BuiltRequest, Header } from './built-request.js';
import { type Proof, resolveAuth } from './proof/auth.js';
import { isSecret, openly, openRows } from './proof/secret-rows.js';
import { resolveTls } from './proof/tls-identity.js';
import { fillBody } from './body.js';
import { ACCEPTED_CODINGS } from './answers/coding.js';
import { invalidRequest, WebhookFailure } from './reasons.js';
import { type SecretSource, SecretReader } from './secret-reader.js';
import { checkUrl } from './target.js';
import type { TargetRules, WebhookTask } from '../engine/webhook-task.js';
import { USER_AGENT } from './user-agent.js';

/** A JSON body to be sent as it is, with no template in it: the flow-end webhook. */
export interface JsonPost {
  url: string;
  auth: WebhookTask['request']['auth'];
  json: string;
  /** Further headers, each as it stands. */
  headers: readonly Header[];
  idempotencyKey: string;
  /** Workflow id of the call, whose trace it belongs to. */
  call: string;
}

/**
 * Builds the request of a webhook widget. Contract T1-T6, W2-W8.
 * A row `Authorization` of the flow gives way to its `auth`, for two of them would be a faulty request.
 * @param call workflow id of the call, whose trace it belongs to; default: a trace of its own
 * @param secrets gives the values of secrets; default: this process, without a store
 * @throws {WebhookFailure} INVALID_FLOW_VAR or INVALID_REQUEST; nothing is sent then.
 */
export async function buildRequest(
  task: WebhookTask,
  call = task.idempotencyKey,
  secrets: SecretSource = new SecretReader(),
): Promise<BuiltRequest> {
  const { request, variables, rules, idempotencyKey } = task;
  const lookup: Lookup = (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  try {
    // A path whose variable is absent is found before anything is sent. Contract V4.
    for (const rows of rowSetsOf(task.response)) filledRows(rows, variables);
    const { headers, query, filledBody } = await opened(request, rules, secrets);
    const fillers = { text: (one: string) => fill(one, lookup, orFail), url: (one: string) => fillUrl(one, lookup) };
    const proof = await resolveAuth(request.auth, fillers, rules, secrets);
    const asked = appendQuery(appendQuery(fillUrl(request.url, lookup), query, lookup), keyIn(proof), () => undefined);
    const url = urlFor(asked, rules);
    const rows = fillHeaders(headers, lookup);
    const { body, text, contentType } = fillBody(
      filledBody,
      lookup,
      idempotencyKey,
      valueOfHeader(rows, 'Content-Type'),
    );
    const redirects = request.redirects && forRedirects(request, lookup, idempotencyKey);
    const tls = request.tls && (await resolveTls(request.tls, rules, secrets));
    return {
      ...{
        method: request.method,
        url,
        body,
        text,
        idempotencyKey,
        ...sentBy(proof),
        ...(tls && { tls }),
        ...redirects,
      },
      headers: complete(rows, contentType, idempotencyKey, headerOf(proof)),
      target: literalHost(request.url) === undefined ? 'The target' : `The host ${url.hostname}`,
      ...{ purpose: 'webhook', host: targetOf(request.url) },
      trace: { traceId: traceIdOf(call), parentId: spanIdOf(idempotencyKey) },
    };
  } catch (error) {
    if (error instanceof TemplateError) throw new WebhookFailure(error.reason, error.message, { unsent: true });
    throw error;
  }
}

/**
 * Builds a POST of finished JSON under the same rules on targets and credentials. Contract E1, W2, W3.
 * @throws {WebhookFailure} INVALID_REQUEST; nothing is sent then.
 */
export async function buildJsonPost(
  post: JsonPost,
  rules: TargetRules,
  secrets: SecretSource = new SecretReader(),
): Promise<BuiltRequest> {
  const asWritten = (one: string) => one;
  const proof = await resolveAuth(post.auth, { text: asWritten, url: asWritten }, rules, secrets);
  const url = urlFor(
    appendQuery(post.url, keyIn(proof), () => undefined),
    rules,
  );
  return {
    ...{ method: 'POST', url, idempotencyKey: post.idempotencyKey, ...sentBy(proof) },
    ...{ body: Buffer.from(post.json, 'utf8'), text: post.json },
    headers: complete(post.headers, 'application/json', post.idempotencyKey, headerOf(proof)),
    target: `The host ${url.hostname}`,
    ...{ purpose: 'flow end', host: targetOf(post.url) },
    trace: { traceId: traceIdOf(post.call), parentId: spanIdOf(post.call) },
  };
}

/** The headers of one attempt: those of all, its own span of the one trace, and the proof of who sends it. Contract W3, W8. */
export function headersOf({ headers, body, credentials, trace }: BuiltRequest, spanId = attemptSpanId()): Header[] {
  const all = [...headers];
  if (!has(headers, 'traceparent') && !sameName('traceparent', credentials?.header))
    all.push(['traceparent', `00-${trace.traceId}-${spanId}-01`]);
  if (credentials) all.push([credentials.header, credentials.value(body)]);
  return all;
}

/** A request as a person may see it: as sent, but with the credentials masked. */
export function describeRequest(built: BuiltRequest): { method: string; url: string; headers: Header[]; body: string } {
  const headers = headersOf(built).map(([name, value]): Header => {
    return name === built.credentials?.header
      ? [name, value.replace(/^(Basic |Bearer |).*$/s, '$1***')]
      : [name, value];
  });
  if (built.grant) headers.push(['Authorization', 'Bearer ***']);
  if (built.login) headers.push(['Authorization', 'Digest ***']);
  return { method: built.method, url: built.url.href, headers, body: built.text };
}

function urlFor(text: string, rules: TargetRules): URL {
  const url = checkUrl(text, rules.httpEnabled);
  if (typeof url === 'string') throw invalidRequest(url);
  return url;
}

/** The rows and the body's fields with the values of secrets. A request without one waits for nothing. Contract W4. */
async function opened({ headers, query, body }: WebhookTask['request'], rules: TargetRules, secrets: SecretSource) {
  const rowsOf = (rows: WebhookTask['request']['headers']) => openRows(rows, rules, secrets);
  return {
    ...{ headers: await rowsOf(headers), query: await rowsOf(query) },
    filledBody: body.type === 'form' ? { ...body, fields: await rowsOf(body.fields) } : body,
  };
}

/** What of a request goes to the first origin alone, beside its proof. Contract W10. */
function forRedirects(
  { redirects, headers, body }: WebhookTask['request'],
  lookup: Lookup,
  idempotencyKey: string,
): Pick<BuiltRequest, 'redirects' | 'secretHeaders' | 'bodyElsewhere'> {
  const names = fillHeaders(openly(headers.filter(isSecret), ''), lookup).map(([name]) => name.toLowerCase());
  const form = body.type === 'form' && body.fields.some(isSecret) ? body : undefined;
  const fields = openly(form?.fields.filter((field) => !isSecret(field)) ?? [], '');
  return {
    ...(redirects !== undefined && { redirects }),
    ...(names.length > 0 && { secretHeaders: names }),
    ...(form && { bodyElsewhere: fillBody({ ...form, fields }, lookup, idempotencyKey, undefined) }),
  };
}

/** An API key in the query, as a row that gives just it. Contract W3. */
function keyIn({ query }: Proof): Row[] {
  if (!query) return [];
  const [key = '', value = ''] = query.map((text) => text.replaceAll('$', '$$$$'));
  return [{ key, value, mandatory: true }];
}

function sentBy({ credentials, grant, login }: Proof): Pick<BuiltRequest, 'credentials' | 'grant' | 'login'> {
  return { ...(credentials && { credentials }), ...(grant && { grant }), ...(login && { login }) };
}

/** The header that the proof of the request takes for itself. */
function headerOf({ credentials, grant, login }: Proof): string | undefined {
  return grant || login ? 'Authorization' : credentials?.header;
}

/** The headers of every attempt. A `contentType` takes the place of a row: it belongs to the bytes of the body. */
function complete(
  rows: readonly Header[],
  contentType: string | undefined,
  idempotencyKey: string,
  proof: string | undefined,
): Header[] {
  const framing = rows.find(([name]) => FRAMING_HEADERS.has(name.toLowerCase()));
  if (framing) throw invalidRequest(`A flow may not set the header ${framing[0].toLowerCase()}: the engine does.`);
  const own = rows.filter(
    ([name]) => !sameName(name, proof) && !(contentType !== undefined && sameName(name, 'Content-Type')),
  );
  const engine: Header[] = [
    ['Idempotency-Key', idempotencyKey],
    ['User-Agent', USER_AGENT],
    ['Accept-Encoding', ACCEPTED_CODINGS],
    ...(contentType === undefined ? [] : [['Content-Type', contentType] as const]),
  ];
  return [...own, ...engine.filter(([name]) => !has(own, name) && !sameName(name, proof))];
}

function valueOfHeader(headers: readonly Header[], name: string): string | undefined {
  return headers.find(([other]) => sameName(other, name))?.[1];
}

function has(headers: readonly Header[], name: string): boolean {
  return headers.some(([other]) => sameName(other, name));
}

function sameName(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}
