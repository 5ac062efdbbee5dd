/**
 * How the Temporal server of the environment is reached: TLS and an API key, by the names that Temporal's own CLI and SDKs have.
 * @module
 */
import type { TLSConfig } from '@temporalio/client';
import { HooklineError } from '../flow/errors.js';
import { checkPair, fileOf } from '../crypto/certificate-files.js';

/** What a connection is made with. Empty: plain, as on one's own machine. */
export interface TemporalTransport {
  tls?: TLSConfig;
  apiKey?: string;
}

const SETTINGS = {
  ca: 'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  cert: 'TEMPORAL_TLS_CLIENT_CERT_PATH',
  key: 'TEMPORAL_TLS_CLIENT_KEY_PATH',
} as const;

/**
 * The transport of an address. Settings are those of `TEMPORAL_ADDRESS`; a server of our own is reached without.
 * TLS is on with `TEMPORAL_TLS=true`, and when a file, a server name or an API key is set; certificates are always checked.
 * @throws {HooklineError} TLS_INVALID; its message holds no key
 */
export function temporalTransport(address: string, env: NodeJS.ProcessEnv = process.env): TemporalTransport {
  if (address !== env.TEMPORAL_ADDRESS) return {};
  const said = env.TEMPORAL_TLS || null;
  if (said !== null && said !== 'true' && said !== 'false')
    throw new HooklineError('TLS_INVALID', 'TEMPORAL_TLS: the value is true, false, or not set.');
  const [ca, crt, key] = [SETTINGS.ca, SETTINGS.cert, SETTINGS.key].map((name) => fileOf(env, name));
  const name = env.TEMPORAL_TLS_SERVER_NAME;
  const apiKey = env.TEMPORAL_API_KEY || fileOf(env, 'HOOKLINE_TEMPORAL_API_KEY_FILE')?.toString('utf8').trim();
  if (said === 'false') {
    if (apiKey) throw new HooklineError('TLS_INVALID', 'TEMPORAL_TLS is false, and an API key is sent over TLS only.');
    return {};
  }
  if (said === null && !ca && !crt && !key && !name && !apiKey) return {};
  if (!crt !== !key)
    throw new HooklineError('TLS_INVALID', `Set both ${SETTINGS.cert} and ${SETTINGS.key}, or neither.`);
  checkPair({ ...(crt && key && { cert: crt, key }), ...(ca && { ca }) }, Object.values(SETTINGS).join(', '));
  const tls = {
    ...(ca && { serverRootCACertificate: ca }),
    ...(crt && key && { clientCertPair: { crt, key } }),
    ...(name && { serverNameOverride: name }),
  };
  return { tls, ...(apiKey && { apiKey }) };
}
