/**
 * TLS where we listen: the API and the codec server.
 * @module
 */
import { HooklineError } from '../flow/errors.js';
import { isLoopbackHost } from './loopback.js';
import { checkPair, fileOf } from './certificate-files.js';

/** Which settings name the files of a listener. */
export interface ListenerSettings {
  cert: string;
  key: string;
  /** Of those whose certificates are taken. */
  clientCa: string;
}

/** How a listener speaks; it is what Node's `https` takes. */
export interface ListenerTls {
  cert: Buffer;
  key: Buffer;
  /** Set for mutual TLS: who has no certificate of this CA gets no connection. */
  ca?: Buffer;
  requestCert: boolean;
  rejectUnauthorized: true;
  minVersion: 'TLSv1.2';
}

/** Reads certificate and key of a listener, and the CA of its clients; null: it speaks plain HTTP. @throws {HooklineError} TLS_INVALID */
export function listenerTls(env: NodeJS.ProcessEnv, settings: ListenerSettings): ListenerTls | null {
  const [cert, key, ca] = [settings.cert, settings.key, settings.clientCa].map((name) => fileOf(env, name));
  if (!cert && !key && !ca) return null;
  if (!cert || !key)
    throw new HooklineError('TLS_INVALID', `Set both ${settings.cert} and ${settings.key}, or neither.`);
  checkPair({ cert, key, ...(ca && { ca }) }, `${settings.cert} and ${settings.key}`);
  return {
    cert,
    key,
    ...(ca && { ca }),
    requestCert: ca !== undefined,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  };
}

/** Whether a proxy before us speaks TLS: `HOOKLINE_TLS_PROXY=on`. @throws {HooklineError} TLS_INVALID */
export function isBehindTlsProxy(env: NodeJS.ProcessEnv): boolean {
  const said = env.HOOKLINE_TLS_PROXY || null;
  if (said !== null && said !== 'on')
    throw new HooklineError('TLS_INVALID', 'HOOKLINE_TLS_PROXY: the value is on, or not set.');
  return said === 'on';
}

/** What to say of a listener that others reach without TLS; null when all is well. */
export function plainWarning(
  { host, tls, tlsProxy }: { host: string; tls: ListenerTls | null; tlsProxy: boolean },
  { cert, key }: ListenerSettings,
): string | null {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  if (tls !== null || tlsProxy || isLoopbackHost(bracketed)) return null;
  return `PLAIN_LISTENER: keys and bodies go to ${host} unencrypted; set ${cert} and ${key}, or HOOKLINE_TLS_PROXY=on when a proxy before it speaks TLS`;
}
