/**
 * Where the codec server listens and who may ask it, from the environment.
 * @module
 */

import { isBehindTlsProxy, type ListenerSettings, type ListenerTls, listenerTls } from '../crypto/tls-listener.js';

/** The default port of the codec server. */
export const CODEC_PORT = 8181;

/** Where the UI of a development stack is opened. */
const DEFAULT_ORIGINS = 'http://localhost:8233,http://127.0.0.1:8233';
/** Characters that a token has at least. */
const MIN_TOKEN = 16;

/** The settings of its TLS. */
export const CODEC_TLS: ListenerSettings = {
  cert: 'HOOKLINE_CODEC_TLS_CERT_FILE',
  key: 'HOOKLINE_CODEC_TLS_KEY_FILE',
  clientCa: 'HOOKLINE_CODEC_TLS_CLIENT_CA_FILE',
};

/** The settings of the codec server. */
export interface CodecServerSettings {
  /** An IP address or name of this machine. */
  host: string;
  port: number;
  /** Origins of the web pages that may ask, such as `http://localhost:8233`. */
  origins: ReadonlySet<string>;
  /** What a request must bring along; null: nothing, and only this machine is answered. */
  token: string | null;
  /** Null: plain HTTP. */
  tls: ListenerTls | null;
  /** Whether a proxy before it speaks TLS. */
  tlsProxy: boolean;
}

/** Reads the settings. @throws {RangeError} when one is not valid; its message holds no token. {HooklineError} TLS_INVALID */
export function codecServerSettings(env: NodeJS.ProcessEnv): CodecServerSettings {
  const given = env.HOOKLINE_CODEC_PORT || String(CODEC_PORT);
  const port = Number(given);
  if (!/^\d{1,5}$/.test(given) || port < 1 || port > 65_535) throw new RangeError('HOOKLINE_CODEC_PORT: not a port');
  const token = env.HOOKLINE_CODEC_TOKEN || null;
  if (token !== null && !new RegExp(`^[\\x21-\\x7e]{${MIN_TOKEN},}$`).test(token))
    throw new RangeError(`HOOKLINE_CODEC_TOKEN: ${MIN_TOKEN} or more visible ASCII characters`);
  return {
    host: env.HOOKLINE_CODEC_HOST || '127.0.0.1',
    port,
    origins: originsOf(env.HOOKLINE_CODEC_UI_ORIGIN),
    token,
    ...{ tls: listenerTls(env, CODEC_TLS), tlsProxy: isBehindTlsProxy(env) },
  };
}

function originsOf(list: string | undefined): Set<string> {
  const entries = (list || DEFAULT_ORIGINS).split(',').flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()]));
  return new Set(
    entries.map((entry) => {
      const { origin, protocol } = URL.canParse(entry) ? new URL(entry) : { origin: '', protocol: '' };
      if (!/^https?:$/.test(protocol) || origin !== entry.replace(/\/$/, '').toLowerCase())
        throw new RangeError(`HOOKLINE_CODEC_UI_ORIGIN: not an origin such as http://localhost:8233: ${entry}`);
      return origin;
    }),
  );
}
