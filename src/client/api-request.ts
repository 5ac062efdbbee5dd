/**
 * One request to the API, with a time limit and errors that have a type.
 * @module
 */

/** The API said no: a problem document of it, RFC 9457. */
export class HooklineApiError extends Error {
  override readonly name = 'HooklineApiError';
  constructor(
    /** The HTTP status. */
    readonly status: number,
    /** One of `docs/reference/errors.md`; `UNKNOWN` when the answer was no problem document. */
    readonly code: string,
    message: string,
    /** Every fault of a document, with its JSON pointer. */
    readonly errors: readonly { code: string; pointer: string; message: string }[] = [],
  ) {
    super(message);
  }
}

/** What a request carries. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With the slash at its beginning. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** Sends a request. @throws {HooklineApiError} and what `fetch` throws when nobody answers in time */
export async function send<T>(url: string, request: ApiRequest, timeoutMs: number): Promise<T> {
  const { method, path, body, headers = {} } = request;
  const json = body === undefined ? undefined : JSON.stringify(body);
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(json !== undefined && { body: json }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await answer.text();
  if (answer.ok) return (text === '' ? undefined : JSON.parse(text)) as T;
  throw errorOf(answer.status, text);
}

function errorOf(status: number, text: string): HooklineApiError {
  try {
    const { code, detail, errors } = JSON.parse(text) as Partial<HooklineApiError> & { detail?: string };
    if (typeof code === 'string') return new HooklineApiError(status, code, detail ?? code, errors);
  } catch {
    // Reported below: what answered was not the API.
  }
  return new HooklineApiError(status, 'UNKNOWN', `The answer has status ${status} and is no problem document.`);
}
