/**
 * From a task to a request: templates filled, credentials resolved, the engine's own headers added. Contract T, W2-W8.
 * @module
 */
import { fillHeaders, FRAMING_HEADERS } from '../flow/template/headers.js';
import { fill, type Lookup, orFail, TemplateError } from '../flow/values/fill.js';
import { filledRows } from '../flow/mapping/filled-rows.js';
import { rowSetsOf } from '../flow/values/response-rows.js';
import { literalHost } from '../flow/values/literal-host.js';
import { appendQuery, fillUrl } from '../flow/template/url.js';
import { targetOf } from '../observability/metric-targets.js';
import { attemptSpanId, type SpanPlace, spanIdOf, traceIdOf } from '../observability/trace-ids.js';
import { type Credentials, resolveAuth } from './auth.js';
import { fillBody } from './body.js';
import { ACCEPTED_CODINGS } from './answers/coding.js';
import { invalidRequest, WebhookFailure } from './reasons.js';
import { type SecretSource, SecretReader } from './secret-reader.js';
import { checkUrl } from './target.js';
import type { TargetRules, WebhookTask } from '../engine/webhook-task.js';
import { USER_AGENT } from './user-agent.js';

/** A header's name and value, the value as text. */
export type Header = readonly [name: string, value: string];

/** A request that is ready to be sent, any number of times. */
export interface BuiltRequest {
  method: string;
  url: URL;
  /** What every attempt sends alike. */
  headers: readonly Header[];
  body: Buffer;
  /** The body before it was encoded. */
  text: string;
  credentials: Credentials | undefined;
  idempotencyKey: string;
  /** How details call the target: by its host when that stands in the flow, not by the value of a variable. */
  target: string;
  /** What is sent, for traces. */
  purpose: 'webhook' | 'flow end';
  /** Where the spans of its attempts stand. */
  trace: SpanPlace;
  /** The host as traces and metrics name it. */
  host: string;
}

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
    const url = urlFor(appendQuery(fillUrl(request.url, lookup), request.query, lookup), rules);
    const rows = fillHeaders(request.headers, lookup);
    const { body, text, contentType } = fillBody(
      request.body,
      lookup,
      idempotencyKey,
      valueOfHeader(rows, 'Content-Type'),
    );
    const credentials = await resolveAuth(request.auth, (text) => fill(text, lookup, orFail), rules, secrets);
    return {
      ...{ method: request.method, url, body, text, credentials, idempotencyKey },
      headers: complete(rows, contentType, idempotencyKey, credentials),
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
  const url = urlFor(post.url, rules);
  const credentials = await resolveAuth(post.auth, (text) => text, rules, secrets);
  return {
    ...{ method: 'POST', url, credentials, idempotencyKey: post.idempotencyKey },
    ...{ body: Buffer.from(post.json, 'utf8'), text: post.json },
    headers: complete(post.headers, 'application/json', post.idempotencyKey, credentials),
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
  return { method: built.method, url: built.url.href, headers, body: built.text };
}

function urlFor(text: string, rules: TargetRules): URL {
  const url = checkUrl(text, rules.httpEnabled);
  if (typeof url === 'string') throw invalidRequest(url);
  return url;
}

/** The headers of every attempt. A `contentType` takes the place of a row: it belongs to the bytes of the body. */
function complete(
  rows: readonly Header[],
  contentType: string | undefined,
  idempotencyKey: string,
  credentials: Credentials | undefined,
): Header[] {
  const framing = rows.find(([name]) => FRAMING_HEADERS.has(name.toLowerCase()));
  if (framing) throw invalidRequest(`A flow may not set the header ${framing[0].toLowerCase()}: the engine does.`);
  const own = rows.filter(
    ([name]) => !sameName(name, credentials?.header) && !(contentType !== undefined && sameName(name, 'Content-Type')),
  );
  const engine: Header[] = [
    ['Idempotency-Key', idempotencyKey],
    ['User-Agent', USER_AGENT],
    ['Accept-Encoding', ACCEPTED_CODINGS],
    ...(contentType === undefined ? [] : [['Content-Type', contentType] as const]),
  ];
  return [...own, ...engine.filter(([name]) => !has(own, name) && !sameName(name, credentials?.header))];
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
