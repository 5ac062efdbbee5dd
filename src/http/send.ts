/**
 * Sending one request and reading its answer, within a deadline and the target rules. Contract W10, W11, W13, R8.
 * @module
 */
import { isIP } from 'node:net';
import type { Dispatcher } from 'undici';
import type { RecordSpan } from '../observability/span.js';
import { CircuitBreaker, type BreakerState } from './circuit-breaker.js';
import { inSpan } from './attempt-span.js';
import { type Clock, REAL_TIME } from './clock.js';
import type { Answer } from './answers/answer.js';
import { readBody } from './answers/read.js';
import type { Judge } from '../judging/judge.js';
import { judging } from '../judging/pool.js';
import { ownerOf } from './judge-answer.js';
import { connectionFailure, WebhookFailure } from './reasons.js';
import type { BuiltRequest } from './built-request.js';
import { headersOf } from './request.js';
import type { ProxySettings } from './connections/proxy-settings.js';
import { followingRedirects } from './redirects.js';
import { retryAfterSeconds } from './retry.js';
import type { AnswerShelf } from './reuse.js';
import { SecretReader, type SecretSource } from './secret-reader.js';
import { RefusedTarget, TargetPolicy } from './target.js';
import { TargetPools } from './connections/target-pools.js';
import { sendAuthorised } from './proof/send-authorised.js';
import { Tokens } from './proof/tokens.js';
import type { TargetRules } from '../engine/webhook-task.js';

/** What stands for every OAuth 2 token in tests of flows. */
const TEST_TOKEN = 'test-token';

/** What a deployment decides about targets. */
export interface SenderOptions {
  /** Whether accounts may exempt targets from W11 by their `targetAllowList`. Default true. */
  accountTargetLists?: boolean;
  /** The time of waits and deadlines, default real time. */
  clock?: Clock;
  /** Reads answers, default in the threads of this process. */
  judge?: Judge;
  /**
   * Answers requests instead of their targets, for tests of flows. No name is looked up then: only targets that are
   * refused for what stands in their URL are refused.
   */
  carrier?: (built: BuiltRequest) => Dispatcher;
  /** Where answers are kept that may be reused; default: nowhere. Contract R11. */
  shelf?: AnswerShelf | undefined;
  /** The time of day by which kept answers age; default: that of the system. */
  timeOfDay?: () => number;
  /** The proxy through which requests go; default: none. Contract W12. */
  proxy?: ProxySettings | undefined;
  /** Takes the spans of attempts; default: nobody wants them. */
  record?: RecordSpan | undefined;
  /** Gives the values of secrets; default: this process, without a store. */
  secrets?: SecretSource | undefined;
}

/** Sends the requests of a worker: pools, target check and circuit breakers are shared by its calls. */
export class Sender {
  /** The time in which deadlines are counted. */
  readonly clock: Clock;
  /** Reads the answers of its requests. */
  readonly judge: Judge;
  /** Where answers are kept that may be reused; undefined: nowhere. Contract R11. */
  readonly shelf: AnswerShelf | undefined;
  /** Milliseconds since 1970, by which kept answers age. */
  readonly timeOfDay: () => number;
  /** Gives the values of secrets that its requests name. */
  readonly secrets: SecretSource;
  readonly #accountTargetLists: boolean;
  readonly #carrier: SenderOptions['carrier'];
  readonly #record: SenderOptions['record'];
  readonly #breaker = new CircuitBreaker();
  readonly #pools: TargetPools;
  readonly #tokens: Tokens;

  constructor({
    accountTargetLists = true,
    clock = REAL_TIME,
    judge = judging.judge,
    secrets = new SecretReader(),
    carrier,
    record,
    proxy,
    shelf,
    timeOfDay = Date.now,
  }: SenderOptions = {}) {
    this.clock = clock;
    this.judge = judge;
    this.secrets = secrets;
    this.shelf = shelf;
    this.timeOfDay = timeOfDay;
    this.#accountTargetLists = accountTargetLists;
    this.#carrier = carrier;
    this.#record = record;
    this.#pools = new TargetPools(this.#breaker, proxy);
    this.#tokens = new Tokens(clock, (...request) => this.#once(...request));
  }

  /**
   * Sends one request, and follows the redirects that it says. It is sent once, and after a 401 once more where its auth has another token, or
   * an answer to the target's challenge. Contract W3, W10, W11, R8.
   * @param deadline when the full answer must be there, on the sender's clock.
   * @param signal closes the socket at once; its reason is thrown.
   * @throws {WebhookFailure} whenever there is no whole answer.
   */
  perform(built: BuiltRequest, rules: TargetRules, deadline: number, signal: AbortSignal): Promise<Answer> {
    const { grant } = built;
    const token = (refused?: string) => {
      if (!grant) throw new Error('a request without a grant asks for no token');
      // A test of a flow has no token server, as it has no secrets.
      if (this.#carrier) return Promise.resolve(TEST_TOKEN);
      return this.#tokens.tokenFor(built, grant, rules, { deadline, signal, refused });
    };
    const send = (one: BuiltRequest) => sendAuthorised(one, (each) => this.#once(each, rules, deadline, signal), token);
    return built.redirects ? followingRedirects(built, send, rules.httpEnabled) : send(built);
  }

  async #once(built: BuiltRequest, rules: TargetRules, deadline: number, signal: AbortSignal): Promise<Answer> {
    const { origin } = built.url;
    if (!this.#breaker.admits(origin)) throw circuitOpen(built.target);
    return inSpan(built, this.#record, (spanId) => this.#exchange(built, spanId, rules, deadline, signal));
  }

  async #exchange(
    built: BuiltRequest,
    spanId: string,
    rules: TargetRules,
    deadline: number,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { origin } = built.url;
    const options = requestOptions(built, spanId);
    const limit = new AbortController();
    const cancel = () => limit.abort(signal.reason);
    const stopTimer = this.clock.after(deadline - this.clock.now(), () => limit.abort(new Error('deadline')));
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    let statusCode: number | undefined;
    try {
      const dispatcher = this.#dispatcherFor(built, rules);
      const response = await unlessAborted(limit.signal, () =>
        dispatcher.request({ ...options, signal: limit.signal }),
      );
      statusCode = response.statusCode;
      this.#breaker.succeeded(origin);
      const headers = {
        contentType: response.headers['content-type'],
        contentEncoding: one(response.headers['content-encoding']),
      };
      const owner = ownerOf(rules, built.idempotencyKey, limit.signal);
      const body = await readBody(response.body, headers, (given) => this.judge('text', given, owner));
      const retryAfter = retryAfterSeconds(one(response.headers['retry-after']));
      return { statusCode, headers: response.headers, body, ...(retryAfter === undefined ? {} : { retryAfter }) };
    } catch (error) {
      signal.throwIfAborted();
      if (limit.signal.aborted) throw timedOut(built.target, statusCode);
      throw connectionFailure(error, built.target, statusCode);
    } finally {
      stopTimer();
      signal.removeEventListener('abort', cancel);
    }
  }

  /** The circuits of targets that could not be connected to lately, for metrics. */
  breakerStates(): BreakerState[] {
    return this.#breaker.states();
  }

  /** Closes the idle connections, and the others when they are done. */
  async close(): Promise<void> {
    await this.#pools.close();
  }

  #dispatcherFor(built: BuiltRequest, rules: TargetRules): Dispatcher {
    const policy = new TargetPolicy(this.#accountTargetLists ? rules.targetAllowList : []);
    return this.#carrier
      ? carried(this.#carrier, built, policy)
      : this.#pools.poolFor(policy, rules.accountId, built.tls);
  }
}

/** @throws {RefusedTarget} when the host of the URL is an address, or names this machine, and is refused. */
function carried(carrier: (built: BuiltRequest) => Dispatcher, built: BuiltRequest, policy: TargetPolicy): Dispatcher {
  const host = built.url.hostname.replace(/^\[(.*)\]$/, '$1');
  const local = /(^|\.)localhost\.?$/.test(host) && !policy.exempts(host);
  if ((isIP(host) !== 0 || local) && !policy.permits(local ? '127.0.0.1' : host)) throw new RefusedTarget();
  return carrier(built);
}

function requestOptions(built: BuiltRequest, spanId: string): Dispatcher.RequestOptions {
  const { method, url, body } = built;
  return {
    ...{ method, origin: url.origin, path: url.pathname + url.search },
    // undici writes headers as Latin-1: one character for each byte of the UTF-8 text. Contract T2.
    headers: headersOf(built, spanId).flatMap(([name, value]) => [name, Buffer.from(value, 'utf8').toString('latin1')]),
    body: body.length === 0 ? null : body,
  };
}

/** undici sees an abort only once it has a connection; this sees it at once. */
function unlessAborted<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('aborted'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    start().then(resolve, reject);
  });
}

function circuitOpen(target: string): WebhookFailure {
  const detail = `${target} could not be connected to lately, so nothing was sent (its circuit is open for some seconds).`;
  return new WebhookFailure('CONNECTION_FAILURE', detail, { unsent: true });
}

function timedOut(target: string, statusCode: number | undefined): WebhookFailure {
  return new WebhookFailure('TIMEOUT', `${target} did not give its full answer within the wait.`, { statusCode });
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
