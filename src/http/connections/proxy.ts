/**
 * Connections to targets through the proxy of a deployment. Contract W12, W11.
 * @module
 */
import type { LookupAddress } from 'node:dns';
import { type ClientRequest, request as plainRequest, STATUS_CODES } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { ProxySettings } from './proxy-settings.js';
import { RefusedTarget, type TargetPolicy } from '../target.js';

/** Statuses by which a proxy says that it cannot reach the target. */
const TARGET_AWAY = new Set([502, 503, 504]);
/** Addresses of one target that are tried in turn. */
const MAX_ADDRESSES = 4;

/** The proxy does not do what it is there for. `detail` goes on behind "The proxy of this deployment". */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
  constructor(readonly detail: string) {
    super(detail);
  }
}

/** The proxy works, and cannot reach the target. */
export class UnreachedThroughProxy extends Error {
  override readonly name = 'UnreachedThroughProxy';
  constructor(readonly status: string) {
    super(status);
  }
}

/**
 * A connector that asks the proxy for a tunnel (CONNECT) to a checked address of the target, and speaks TLS with the target's
 * name through it.
 * @param tls upgrades a socket for `https:` targets
 * @param lookup gives the checked addresses of a name
 * @param timeout milliseconds until the proxy has given a tunnel
 */
export function throughProxy(
  proxy: ProxySettings,
  { tls, lookup, policy, timeout }: { tls: buildConnector.connector; lookup: LookupFunction; policy: TargetPolicy; timeout: number }, // prettier-ignore
): buildConnector.connector {
  const tunnelTo = async ({ hostname, port, protocol }: buildConnector.Options) => {
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const hosts = proxy.resolves || isIP(host) !== 0 ? [named(host, policy)] : await addresses(host, lookup);
    const at = port || (protocol === 'https:' ? '443' : '80');
    return firstTunnel(proxy.url, hosts.map((one) => `${isIP(one) === 6 ? `[${one}]` : one}:${at}`), timeout); // prettier-ignore
  };
  return (options, callback) => {
    tunnelTo(options).then(
      (httpSocket) => {
        if (options.protocol === 'https:') tls({ ...options, httpSocket }, callback);
        else callback(null, httpSocket);
      },
      (error: Error) => callback(error, null),
    );
  };
}

/** A name that the proxy looks up: what names this machine is refused, as the address would be. */
function named(host: string, policy: TargetPolicy): string {
  if (/(^|\.)localhost\.?$/i.test(host) && !policy.exempts(host) && !policy.permits('127.0.0.1'))
    throw new RefusedTarget();
  return host;
}

function addresses(host: string, lookup: LookupFunction): Promise<string[]> {
  return new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, found) => {
      if (error) reject(error);
      else resolve((found as LookupAddress[]).slice(0, MAX_ADDRESSES).map(({ address }) => address));
    });
  });
}

async function firstTunnel(proxy: URL, targets: readonly string[], timeout: number): Promise<Socket> {
  const [first = '', ...others] = targets;
  try {
    return await tunnel(proxy, first, timeout);
  } catch (error) {
    if (others.length === 0 || !(error instanceof UnreachedThroughProxy)) throw error;
    return firstTunnel(proxy, others, timeout);
  }
}

function tunnel(proxy: URL, target: string, timeout: number): Promise<Socket> {
  const { hostname, port, protocol, username, password } = proxy;
  const login = [username, password].map(decodeURIComponent).join(':');
  const options = {
    ...{ host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port || (protocol === 'https:' ? 443 : 80) },
    ...{ method: 'CONNECT', path: target, agent: false, timeout },
    headers: {
      host: target,
      ...(username && { 'proxy-authorization': `Basic ${Buffer.from(login, 'utf8').toString('base64')}` }),
    },
  };
  return new Promise((resolve, reject) => {
    const request: ClientRequest = protocol === 'https:' ? tlsRequest(options) : plainRequest(options);
    const late = () => request.destroy(new ProxyFailure('did not open a tunnel in time'));
    // Of the whole, for a proxy that sends a byte now and then would never be idle.
    const timer = setTimeout(late, timeout);
    request
      .on('connect', ({ statusCode = 0 }, socket, head) => {
        clearTimeout(timer);
        socket.setTimeout(0);
        if (statusCode >= 200 && statusCode <= 299) {
          if (head.length > 0) socket.unshift(head);
          return resolve(socket);
        }
        socket.destroy();
        const status = `${statusCode}${STATUS_CODES[statusCode] === undefined ? '' : ` (${STATUS_CODES[statusCode]})`}`;
        reject(TARGET_AWAY.has(statusCode) ? new UnreachedThroughProxy(status) : refused(status));
      })
      .on('timeout', late)
      .on('error', (error) => {
        clearTimeout(timer);
        reject(error instanceof ProxyFailure ? error : new ProxyFailure(`cannot be used (${codeOf(error)})`));
      })
      .end();
  });
}

function refused(status: string): ProxyFailure {
  return new ProxyFailure(`opens no tunnel to the target: it answered ${status}`);
}

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? 'it broke off';
}
