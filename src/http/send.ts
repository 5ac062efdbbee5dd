/**
 * Sending one request and reading its answer, within a deadline and the target rules. Contract W10, W11, W13, R8.
 * @module
 */
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import type { RecordSpan } from '../observability/span.js';
import { CircuitBreaker, type BreakerState } from './circuit-breaker.js';
import { readingHeads } from './answers/answer-head.js';
import { inSpan } from './attempt-span.js';
import { type Clock, REAL_TIME } from './clock.js';
import type { Answer } from './answers/answer.js';
import { readBody } from './answers/read.js';
import type { Judge } from '../judging/judge.js';
import { judging } from '../judging/pool.js';
import { ownerOf } from './judge-answer.js';
import { addressesOf } from './names.js';
import { connectionFailure, WebhookFailure } from './reasons.js';
import { type BuiltRequest, headersOf } from './request.js';
import { retryAfterSeconds } from './retry.js';
import { SecretReader, type SecretSource } from './secret-reader.js';
import { RefusedTarget, TargetPolicy } from './target.js';
import type { TargetRules } from '../engine/webhook-task.js';

/** Milliseconds for DNS, TCP and TLS of one connection; the wait's end may come first. */
const CONNECT_TIMEOUT = 10_000;
/** Milliseconds that an idle connection is kept. Short, for one that the target has given up breaks the next request. */
const KEEP_ALIVE = 4_000;
/** Connections of one account to one origin at a time; its further requests queue within their wait. */
const CONNECTIONS = 128;
/** Pools kept, one for each account and allow-list; the one not used for longest makes room. */
const MAX_POOLS = 1000;

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
  /** Gives the values of secrets that its requests name. */
  readonly secrets: SecretSource;
  readonly #accountTargetLists: boolean;
  readonly #carrier: SenderOptions['carrier'];
  readonly #record: SenderOptions['record'];
  readonly #breaker = new CircuitBreaker();
  readonly #pools = new Map<string, Agent>();

  constructor({
    accountTargetLists = true,
    clock = REAL_TIME,
    judge = judging.judge,
    secrets = new SecretReader(),
    carrier,
    record,
  }: SenderOptions = {}) {
    this.clock = clock;
    this.judge = judge;
    this.secrets = secrets;
    this.#accountTargetLists = accountTargetLists;
    this.#carrier = carrier;
    this.#record = record;
  }

  /**
   * Sends one request, once, following no redirect. Contract W10, W11, R8.
   * @param deadline when the full answer must be there, on the sender's clock.
   * @param signal closes the socket at once; its reason is thrown.
   * @throws {WebhookFailure} whenever there is no whole answer.
   */
  async perform(built: BuiltRequest, rules: TargetRules, deadline: number, signal: AbortSignal): Promise<Answer> {
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
      const pool = this.#carrier ? this.#carried(this.#carrier, built, rules) : this.#poolFor(rules);
      const response = await unlessAborted(limit.signal, () => pool.request({ ...options, signal: limit.signal }));
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
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
    this.#pools.clear();
  }

  /**
   * A connection made under one allow-list must never serve an account that has another: the address was not checked
   * for that one. And an account that holds all its connections to an origin must not keep others from it. So each account
   * has a pool of its own, for each list that its calls have.
   */
  #poolFor(rules: TargetRules): Agent {
    const policy = this.#policyFor(rules);
    const key = `${rules.accountId} ${policy.key}`;
    const pool = this.#pools.get(key) ?? this.#createPool(policy, rules.accountId);
    this.#pools.delete(key);
    this.#pools.set(key, pool);
    const [oldest] = this.#pools;
    if (this.#pools.size > MAX_POOLS && oldest) {
      this.#pools.delete(oldest[0]);
      void oldest[1].close();
    }
    return pool;
  }

  #policyFor(rules: TargetRules): TargetPolicy {
    return new TargetPolicy(this.#accountTargetLists ? rules.targetAllowList : []);
  }

  #carried(carrier: (built: BuiltRequest) => Dispatcher, built: BuiltRequest, rules: TargetRules): Dispatcher {
    const policy = this.#policyFor(rules);
    const host = built.url.hostname.replace(/^\[(.*)\]$/, '$1');
    const local = /(^|\.)localhost\.?$/.test(host) && !policy.exempts(host);
    if ((isIP(host) !== 0 || local) && !policy.permits(local ? '127.0.0.1' : host)) throw new RefusedTarget();
    return carrier(built);
  }

  #createPool(policy: TargetPolicy, account: number): Agent {
    const base = readingHeads(
      buildConnector({ timeout: CONNECT_TIMEOUT, lookup: checkedLookup(policy, account), autoSelectFamily: true }),
    );
    const connect: buildConnector.connector = (options, callback) => {
      const origin = `${options.protocol}//${options.host}`;
      // A host that is an address is never looked up.
      if (isIP(options.hostname) !== 0 && !policy.permits(options.hostname)) {
        process.nextTick(callback, new RefusedTarget(), null);
        return;
      }
      base(options, (...result) => {
        const [error, socket] = result;
        if (socket) this.#breaker.succeeded(origin);
        else if (!(error instanceof RefusedTarget)) this.#breaker.failed(origin);
        callback(...result);
      });
    };
    return new Agent({
      ...{ connect, connections: CONNECTIONS, pipelining: 1 },
      ...{ keepAliveTimeout: KEEP_ALIVE, keepAliveMaxTimeout: KEEP_ALIVE },
      // The deadline bounds every phase of a request.
      ...{ headersTimeout: 0, bodyTimeout: 0 },
    });
  }
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

/** DNS for connections: of a name's addresses only those that may be connected to, so that no later answer slips in. */
function checkedLookup(policy: TargetPolicy, account: number): LookupFunction {
  return (hostname, options, callback) => {
    const check = (found: LookupAddress[]) => {
      const addresses = policy.exempts(hostname) ? found : found.filter(({ address }) => policy.permits(address));
      const [first] = addresses as [LookupAddress?];
      if (!first) return callback(new RefusedTarget(), '');
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    };
    // Apart from the promise, so that what a callback throws is no failed lookup.
    addressesOf(account, hostname).then(
      (found) => process.nextTick(check, found),
      (error: NodeJS.ErrnoException) => process.nextTick(callback, error, ''),
    );
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
