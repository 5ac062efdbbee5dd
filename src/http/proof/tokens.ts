/**
 * The OAuth 2 tokens of a worker: each is asked for once however many calls want it, and kept until it is about to expire.
 * They are in memory alone. Contract W3.
 * @module
 */
import { STATUS_CODES } from 'node:http';
import type { TargetRules } from '../../engine/webhook-task.js';
import type { Answer } from '../answers/answer.js';
import type { Clock } from '../clock.js';
import { WebhookFailure } from '../reasons.js';
import type { BuiltRequest } from '../built-request.js';
import type { Grant } from './grant.js';
import { tokenRequest } from './token-request.js';

/** Seconds before its end from which a token is used no more. */
const MARGIN = 30;
/** Seconds for which a token is kept whose server does not say how long it holds. */
const UNSAID = 300;
/** Milliseconds for the answer of a token server; a call's wait may end before. */
const WITHIN_MS = 10_000;
/** Tokens kept; the one not used for longest makes room. */
const MAX_KEPT = 1000;

interface Token {
  text: string;
  /** On the clock of the worker. */
  until: number;
}

interface Asked {
  answer: Promise<Token>;
  /** Known once the answer is there. */
  token?: Token;
}

/** Sends a request once. */
type Send = (built: BuiltRequest, rules: TargetRules, deadline: number, signal: AbortSignal) => Promise<Answer>;

/** Gives tokens. */
export class Tokens {
  readonly #clock: Clock;
  readonly #send: Send;
  readonly #asked = new Map<string, Asked>();

  constructor(clock: Clock, send: Send) {
    this.#clock = clock;
    this.#send = send;
  }

  /**
   * The token for a request that has a grant. Tokens are shared by the requests of one account with one grant and the same
   * client certificate.
   * @param refused the token that the target has just refused: another one is asked for, unless somebody has done so
   * @param deadline until when the request may wait for it, on the worker's clock
   * @throws {WebhookFailure} AUTHENTICATION_FAILURE, or CONNECTION_FAILURE when the server is away
   */
  async tokenFor(
    built: BuiltRequest,
    grant: Grant,
    rules: TargetRules,
    { deadline, signal, refused }: { deadline: number; signal: AbortSignal; refused?: string | undefined },
  ): Promise<string> {
    const key = `${rules.accountId} ${grant.key} ${built.tls?.key ?? ''}`;
    const asked = this.#usable(key, refused) ?? this.#ask(key, built, grant, rules);
    this.#asked.delete(key);
    this.#asked.set(key, asked);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > MAX_KEPT && oldest !== undefined) this.#asked.delete(oldest);
    return (await this.#within(asked.answer, deadline, signal, grant)).text;
  }

  #usable(key: string, refused: string | undefined): Asked | undefined {
    const asked = this.#asked.get(key);
    if (!asked?.token) return asked;
    const { text, until } = asked.token;
    return text !== refused && until > this.#clock.now() ? asked : undefined;
  }

  #ask(key: string, built: BuiltRequest, grant: Grant, rules: TargetRules): Asked {
    const asked: Asked = { answer: this.#fetch(tokenRequest(grant, built), rules) };
    const forget = () => {
      if (this.#asked.get(key) === asked) this.#asked.delete(key);
    };
    asked.answer.then((token) => (asked.token = token), forget);
    return asked;
  }

  /** Whose call asked does not matter: others may wait for the answer when that one has hung up. */
  async #fetch(request: BuiltRequest, rules: TargetRules): Promise<Token> {
    const began = this.#clock.now();
    try {
      const answer = await this.#send(request, rules, began + WITHIN_MS, new AbortController().signal);
      return tokenIn(answer, request.target, began);
    } catch (error) {
      if (error instanceof WebhookFailure) throw unsent(error, request.target);
      throw error;
    }
  }

  /** The result, unless the request that waits for it is over before. */
  #within<T>(result: Promise<T>, deadline: number, signal: AbortSignal, { target }: Grant): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = () =>
        reject(new WebhookFailure('TIMEOUT', `${target} did not give a token within the wait.`, { unsent: true }));
      const cancel = () => reject(signal.reason as Error);
      const stop = this.#clock.after(deadline - this.#clock.now(), late);
      const settled = () => {
        stop();
        signal.removeEventListener('abort', cancel);
      };
      if (signal.aborted) cancel();
      signal.addEventListener('abort', cancel, { once: true });
      result.then(resolve, reject).finally(settled);
    });
  }
}

/** The token of an answer. RFC 6749, 5. */
function tokenIn({ statusCode, body }: Answer, server: string, began: number): Token {
  const given = objectIn(body.text);
  if (statusCode < 200 || statusCode > 299) throw refusal(statusCode, given, server);
  const { access_token: text, token_type: type, expires_in: expires } = given;
  const fault = (what: string) => new WebhookFailure('AUTHENTICATION_FAILURE', `${server} gave ${what}.`);
  if (typeof text !== 'string' || !/^[\x21-\x7e]+$/.test(text)) throw fault('no token');
  if (type !== undefined && (typeof type !== 'string' || type.toLowerCase() !== 'bearer'))
    throw fault('a token that is not of type Bearer');
  const seconds = Number(expires ?? UNSAID + MARGIN);
  return { text, until: began + Math.max(0, (Number.isFinite(seconds) ? seconds : UNSAID) - MARGIN) * 1000 };
}

function refusal(statusCode: number, { error }: Record<string, unknown>, server: string): WebhookFailure {
  const name = STATUS_CODES[statusCode];
  const code = typeof error === 'string' && /^[a-z_]{1,50}$/.test(error) ? `: ${error}` : '';
  const detail = `${server} answered ${statusCode}${name === undefined ? '' : ` (${name})`}${code}, and gave no token.`;
  return new WebhookFailure(statusCode >= 500 ? 'CONNECTION_FAILURE' : 'AUTHENTICATION_FAILURE', detail);
}

function objectIn(text = ''): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** What became of asking, for the request that needs the token: nothing of that was sent. */
function unsent({ reason, detail }: WebhookFailure, server: string): WebhookFailure {
  if (reason === 'TIMEOUT') {
    const silent = `${server} did not answer within ${WITHIN_MS / 1000} seconds, so there is no token.`;
    return new WebhookFailure('CONNECTION_FAILURE', silent, { unsent: true });
  }
  return new WebhookFailure(reason === 'INVALID_RESPONSE' ? 'AUTHENTICATION_FAILURE' : reason, detail, {
    unsent: true,
  });
}
