/**
 * Answers requests from the script of their test, below everything that the engine does with requests and answers.
 * @module
 */
import { Agent, type Dispatcher } from 'undici';
import type { Clock } from '../http/clock.js';
import { BODILESS } from '../http/answers/framing.js';
import { WebhookFailure } from '../http/reasons.js';
import type { BuiltRequest } from '../http/built-request.js';
import type { ScriptedAnswer } from '../flow/documents/flow-test.js';
import { type AnswerScript, senderOf, statusOf } from './answers.js';

/** Longer than any wait of the engine, in milliseconds. */
const NEVER_MS = 24 * 3600_000;

/** Makes what carries the requests of calls, each to the script of its call. */
export function scriptedCarrier(scripts: ReadonlyMap<string, AnswerScript>, clock: Clock) {
  return (built: BuiltRequest): Dispatcher => {
    const script = scripts.get(senderOf(built.idempotencyKey).workflowId);
    const answer = script?.answer(built);
    // The test fails for this; the call is not to send it again, and goes its way.
    if (!answer) throw new WebhookFailure('CONNECTION_FAILURE', 'The test has no answer for this.', { unsent: true });
    return answering(answer, clock);
  };
}

const agent = new Agent();

/** A dispatcher that gives one answer to whatever it is asked. */
function answering(answer: ScriptedAnswer, clock: Clock): Dispatcher {
  return agent.compose(() => (options, handler) => {
    const stop = new AbortController();
    const controller: Dispatcher.DispatchController = {
      get aborted() {
        return stop.signal.aborted;
      },
      paused: false,
      get reason() {
        return stop.signal.aborted ? (stop.signal.reason as Error) : null;
      },
      abort: (reason) => stop.abort(reason),
      // A script is small: it is given whole.
      pause: () => undefined,
      resume: () => undefined,
    };
    const give = async () => {
      handler.onRequestStart?.(controller, {});
      await clock.sleep(answer.error === 'timeout' ? NEVER_MS : answer.after * 1000, stop.signal);
      if (answer.error === 'connection') throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
      const status = statusOf(answer);
      const { headers, body } = messageOf(answer);
      handler.onResponseStart?.(controller, status, headers, '');
      const bodiless = options.method === 'HEAD' || BODILESS.has(status);
      if (!bodiless && body.length > 0) handler.onResponseData?.(controller, body);
      handler.onResponseEnd?.(controller, {});
    };
    give().catch((error: Error) => handler.onResponseError?.(controller, error));
    return true;
  });
}

/** Headers and bytes of a scripted answer. */
export function messageOf({ json, text, headers = {} }: ScriptedAnswer): {
  headers: Record<string, string>;
  body: Buffer;
} {
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), latin1(value)] as const);
  const type: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' };
  const body = json === undefined ? (text ?? '') : JSON.stringify(json);
  return { headers: { ...type, ...Object.fromEntries(given) }, body: Buffer.from(body, 'utf8') };
}

/** undici hands headers on as Latin-1: one character for each byte. */
function latin1(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}
