/**
 * The settings of the API, from the environment.
 * @module
 */
import { readFileSync } from 'node:fs';
import { type SecretSettings, secretSettings } from '../http/secret-settings.js';
import { isBehindTlsProxy, type ListenerSettings, type ListenerTls, listenerTls } from '../crypto/tls-listener.js';

/** The default port of the API. */
export const API_PORT = 8180;
/** Requests that a key may send in a minute when nothing else is said. */
export const REQUESTS_PER_MINUTE = 600;

/** The settings of its TLS. */
export const API_TLS: ListenerSettings = {
  cert: 'HOOKLINE_API_TLS_CERT_FILE',
  key: 'HOOKLINE_API_TLS_KEY_FILE',
  clientCa: 'HOOKLINE_API_TLS_CLIENT_CA_FILE',
};

/** Where the API listens, and whom it believes. */
export interface ApiSettings {
  host: string;
  port: number;
  /** Proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: string[];
  /** Null: plain HTTP. */
  tls: ListenerTls | null;
  /** Whether a proxy before it speaks TLS. */
  tlsProxy: boolean;
}

/** What the routes for accounts need. */
export interface AccountApiSettings {
  /** Opens every account; null: there is no operator's key. */
  operatorKey: string | null;
  requestsPerMinute: number;
  /** Below which short links are followed; undefined: where the API listens. */
  publicUrl: string | undefined;
  secrets: SecretSettings;
}

/** Reads where the API listens. @throws {RangeError} when the port is not one; {HooklineError} TLS_INVALID */
export function apiSettings(env: NodeJS.ProcessEnv): ApiSettings {
  const given = env.HOOKLINE_API_PORT || String(API_PORT);
  const port = Number(given);
  if (!/^\d{1,5}$/.test(given) || port < 1 || port > 65_535) throw new RangeError('HOOKLINE_API_PORT: not a port');
  const trustedProxies = (env.HOOKLINE_TRUSTED_PROXIES ?? '').split(',').map((one) => one.trim());
  return {
    ...{ host: env.HOOKLINE_API_HOST || '127.0.0.1', port, trustedProxies: trustedProxies.filter(Boolean) },
    ...{ tls: listenerTls(env, API_TLS), tlsProxy: isBehindTlsProxy(env) },
  };
}

/** Reads the rest. @throws {RangeError} naming a variable whose value does not do */
export function accountApiSettings(env: NodeJS.ProcessEnv): AccountApiSettings {
  const requests = env.HOOKLINE_API_REQUESTS_PER_MINUTE || String(REQUESTS_PER_MINUTE);
  if (!/^[1-9]\d{0,6}$/.test(requests))
    throw new RangeError('HOOKLINE_API_REQUESTS_PER_MINUTE: not a positive whole number');
  return {
    operatorKey: operatorKey(env),
    requestsPerMinute: Number(requests),
    secrets: secretSettings(env),
    publicUrl: env.HOOKLINE_PUBLIC_URL?.replace(/\/+$/, '') || undefined,
  };
}

/** A key that can be guessed would open every account. */
const SHORTEST_KEY = 32;

function operatorKey(env: NodeJS.ProcessEnv): string | null {
  const file = env.HOOKLINE_OPERATOR_KEY_FILE;
  const key = env.HOOKLINE_OPERATOR_KEY || (file ? readFileSync(file, 'utf8').trim() : '');
  if (key === '') return null;
  if (!/^[\x21-\x7e]+$/.test(key) || key.length < SHORTEST_KEY || key.length > 200)
    throw new RangeError('HOOKLINE_OPERATOR_KEY: 32 to 200 visible ASCII characters without blanks');
  return key;
}
