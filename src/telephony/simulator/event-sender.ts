/**
 * The way from a simulated bridge to a call over our API. Contract B2, B6.
 * @module
 */
import type { Signature } from '../http/signature.js';
import type { CallHooks } from '../temporal-hooks.js';

/** Milliseconds that our API has for an answer. */
const ANSWER_MS = 5000;

/** How to reach our API. */
export interface EventsWay {
  signature: Signature | null;
  /** Where the events of a call are POSTed, by its workflow id; undefined while nobody has said. */
  eventsUrl: (workflowId: string) => string | undefined;
}

/** Sends events, and reads how far a call is; both reject when that may be tried again. */
export function httpHooks({ signature, eventsUrl }: EventsWay): CallHooks {
  const ask = async (url: string | undefined, id: string, body?: string): Promise<Response> => {
    if (url === undefined) throw new Error('the URL for events of this call is not known yet');
    const answer = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...signature?.headers(id, body ?? '') },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!answer.ok) throw new Error(`the API answered ${answer.status}: ${await answer.text()}`);
    return answer;
  };
  return {
    async sendEvent(workflowId, event) {
      await ask(eventsUrl(workflowId), event.eventId, JSON.stringify(event));
    },
    async entered(workflowId) {
      const answer = await ask(eventsUrl(workflowId)?.replace(/\/events$/, ''), workflowId);
      return ((await answer.json()) as { path: string[] }).path;
    },
  };
}
