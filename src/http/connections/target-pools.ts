/**
 * Connections to targets: pools that only requests of one account and one allow-list share. Contract W11.
 * @module
 */
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { readingHeads } from '../answers/answer-head.js';
import { checkedLookup } from './checked-lookup.js';
import type { CircuitBreaker } from '../circuit-breaker.js';
import { ProxyFailure, throughProxy } from './proxy.js';
import { isProxied, type ProxySettings } from './proxy-settings.js';
import { secureContext, type TlsIdentity } from '../proof/tls-identity.js';
import { RefusedTarget, type TargetPolicy } from '../target.js';

/** Milliseconds for DNS, TCP and TLS of one connection; the wait's end may come first. */
const CONNECT_TIMEOUT = 10_000;
/** Milliseconds that an idle connection is kept. Short, for one that the target has given up breaks the next request. */
const KEEP_ALIVE = 4_000;
/** Connections of one account to one origin at a time; its further requests queue within their wait. */
const CONNECTIONS = 128;
/** Pools kept, one for each account and allow-list; the one not used for longest makes room. */
const MAX_POOLS = 1000;

/** The pools of one worker. */
export class TargetPools {
  readonly #breaker: CircuitBreaker;
  readonly #proxy: ProxySettings | undefined;
  readonly #pools = new Map<string, Agent>();

  /**
   * @param breaker counts the connections that fail
   * @param proxy through which connections go; default: none. Contract W12.
   */
  constructor(breaker: CircuitBreaker, proxy?: ProxySettings) {
    this.#breaker = breaker;
    this.#proxy = proxy;
  }

  /**
   * The connections of an account under a policy. Each account has a pool for each allow-list of its calls: a connection made
   * under one list must never serve a request under another, for which its address was not checked, and an account that
   * holds all its connections to an origin must not keep others from it.
   * @param account id of the account
   * @param tls the client certificate and authorities of the request: connections are shared only by requests with the same
   * @throws {WebhookFailure} INVALID_REQUEST for a certificate that cannot be used
   */
  poolFor(policy: TargetPolicy, account: number, tls?: TlsIdentity): Agent {
    const key = `${account} ${policy.key} ${tls ? `${tls.key} ${tls.besidePublic}` : ''}`;
    const pool = this.#pools.get(key) ?? this.#createPool(policy, account, tls);
    this.#pools.delete(key);
    this.#pools.set(key, pool);
    const [oldest] = this.#pools;
    if (this.#pools.size > MAX_POOLS && oldest) {
      this.#pools.delete(oldest[0]);
      void oldest[1].close();
    }
    return pool;
  }

  /** Closes the idle connections, and the others when they are done. */
  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
    this.#pools.clear();
  }

  /** A connector that takes the way through the proxy, where there is one for the target. */
  #proxied(direct: buildConnector.connector, lookup: LookupFunction, policy: TargetPolicy): buildConnector.connector {
    const proxy = this.#proxy;
    if (!proxy) return direct;
    const around = throughProxy(proxy, { tls: direct, lookup, policy, timeout: CONNECT_TIMEOUT });
    return (options, callback) => (isProxied(proxy, options.hostname) ? around : direct)(options, callback);
  }

  #createPool(policy: TargetPolicy, account: number, tls: TlsIdentity | undefined): Agent {
    const lookup = checkedLookup(policy, account);
    const direct = buildConnector({
      ...{ timeout: CONNECT_TIMEOUT, lookup, autoSelectFamily: true },
      ...(tls && { secureContext: secureContext(tls) }),
    });
    const base = readingHeads(this.#proxied(direct, lookup, policy));
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
        // What the proxy fails at says nothing of the target.
        else if (!(error instanceof RefusedTarget || error instanceof ProxyFailure)) this.#breaker.failed(origin);
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
