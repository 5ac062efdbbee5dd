/**
 * Following redirects, where a request says so. Contract W10.
 * @module
 */
import type { Answer } from './answers/answer.js';
import { WebhookFailure } from './reasons.js';
import type { BuiltRequest, Header } from './built-request.js';
import { checkUrl } from './target.js';

/** Redirects with an address to follow; others have choices, or are no redirects. */
const FOLLOWED = new Set([301, 302, 303, 307, 308]);
/** Headers that go to the first origin alone, beside rows with secrets. */
const OF_FIRST_ORIGIN = ['idempotency-key', 'cookie', 'authorization', 'proxy-authorization'];
/** Headers of a body. */
const OF_BODY = ['content-type', 'content-encoding', 'content-language', 'content-location'];

/**
 * Sends a request, and follows as many redirects as it says.
 * @param httpEnabled whether the account allows http. Contract W2.
 * @throws {WebhookFailure} INVALID_REQUEST where a redirect leads to an address that is not allowed. Contract W2, W11.
 */
export async function followingRedirects(
  built: BuiltRequest,
  send: (built: BuiltRequest) => Promise<Answer>,
  httpEnabled: boolean,
): Promise<Answer> {
  let request = built;
  let answer = await send(request);
  for (let left = built.redirects ?? 0; left > 0; left -= 1) {
    const to = FOLLOWED.has(answer.statusCode) ? locationOf(answer, request.url, httpEnabled) : undefined;
    if (!to) return answer;
    request = redirected(request, answer.statusCode, to);
    try {
      answer = await send(request);
    } catch (error) {
      // The request before this one was sent.
      if (error instanceof WebhookFailure && error.unsent) throw new WebhookFailure(error.reason, error.detail);
      throw error;
    }
  }
  return answer;
}

/** Where an answer leads; undefined where it says nothing that is a URL. */
function locationOf({ headers, statusCode }: Answer, from: URL, httpEnabled: boolean): URL | undefined {
  const [location] = [headers.location ?? []].flat();
  if (location === undefined || !URL.canParse(location, from)) return undefined;
  const url = checkUrl(new URL(location, from).href, httpEnabled);
  if (typeof url !== 'string') return url;
  const detail = `The answer was a redirect (${statusCode}) to an address that is not allowed. ${url}`;
  throw new WebhookFailure('INVALID_REQUEST', detail, { statusCode });
}

/** The request for the address that a redirect leads to. What is of the first origin does not come back with a later redirect. */
function redirected(built: BuiltRequest, statusCode: number, url: URL): BuiltRequest {
  const next = becomesGet(built.method, statusCode) ? withoutBody(built) : built;
  return url.origin === built.url.origin ? { ...next, url } : { ...ofNobody(next), url };
}

/** 303 asks for another thing; 301 and 302 do so of a POST, as everybody has read them. RFC 9110, 15.4. */
function becomesGet(method: string, statusCode: number): boolean {
  return statusCode === 303 ? method !== 'HEAD' && method !== 'GET' : method === 'POST' && statusCode < 303;
}

function withoutBody(built: BuiltRequest): BuiltRequest {
  const headers = without(built.headers, OF_BODY);
  return { ...leftOut(built, ['bodyElsewhere']), method: 'GET', headers, body: Buffer.alloc(0), text: '' };
}

/** The request without what only the first origin may see. */
function ofNobody(built: BuiltRequest): BuiltRequest {
  const { credentials, bodyElsewhere, secretHeaders = [] } = built;
  const rest = leftOut(built, ['credentials', 'grant', 'login', 'tls', 'bodyElsewhere', 'secretHeaders']);
  const headers = without(built.headers, [
    ...OF_FIRST_ORIGIN,
    ...secretHeaders,
    credentials?.header.toLowerCase() ?? '',
  ]);
  const named = { target: 'The target of the redirect', host: 'redirected' };
  if (!bodyElsewhere) return { ...rest, headers, ...named };
  const { contentType = '', ...body } = bodyElsewhere;
  return {
    ...rest,
    ...body,
    headers: [...without(headers, ['content-type']), ['Content-Type', contentType]],
    ...named,
  };
}

/** The request without these of its parts. */
function leftOut(built: BuiltRequest, parts: readonly (keyof BuiltRequest)[]): BuiltRequest {
  const kept = Object.entries(built).filter(([part]) => !parts.some((one) => one === part));
  return Object.fromEntries(kept) as unknown as BuiltRequest;
}

function without(headers: readonly Header[], names: readonly string[]): Header[] {
  return headers.filter(([name]) => !names.includes(name.toLowerCase()));
}
