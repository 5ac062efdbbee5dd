/**
 * Every environment variable of ours: its default, and what it sets. For `docs/reference/settings.md`; a test compares the
 * names with those that the code reads.
 * @module
 */
import { DEFAULT_LIMITS } from '../../../src/engine/opened-call.js';
import { API_PORT, REQUESTS_PER_MINUTE } from '../../../src/api/api-settings.js';
import { CODEC_PORT } from '../../../src/codec-server/codec-server-settings.js';

/** Default and meaning, by name, in the order of the page. */
export const SETTINGS: Readonly<Record<string, readonly [fallback: string, meaning: string]>> = {
  TEMPORAL_ADDRESS: [
    'a development server of our own',
    'the Temporal server, `host:port`; `hookline worker` takes `127.0.0.1:7233`',
  ],
  TEMPORAL_NAMESPACE: ['`default`', 'its namespace'],
  TEMPORAL_TLS: ['`true` with one of the next five', '[TLS](../tls.md) to that server: `true` or `false`'],
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: ["the system's CAs", 'a file with the CA of its certificate'],
  TEMPORAL_TLS_CLIENT_CERT_PATH: ['off', 'a file with our certificate, for a server that wants one'],
  TEMPORAL_TLS_CLIENT_KEY_PATH: ['off', 'a file with its key'],
  TEMPORAL_TLS_SERVER_NAME: ['the host of the address', 'the name that its certificate must have'],
  TEMPORAL_API_KEY: ['off', 'an API key, as Temporal Cloud takes them'],
  HOOKLINE_TEMPORAL_API_KEY_FILE: ['off', 'a file with the same'],
  DATABASE_URL: [
    'an embedded database in `HOOKLINE_HOME`',
    'PostgreSQL for the [store](#the-store), `postgres://USER:PASSWORD@HOST/NAME`, with [TLS](../tls.md#postgresql) by its parameters; `hookline worker` and `hookline api` have no store without it',
  ],
  HOOKLINE_HOME: [
    '`.hookline`',
    "folder of the development stack, which it makes readable for its user alone: Temporal's database `temporal.db`, the store, the operator's key, and `stack.json`, the note of where it runs",
  ],
  HOOKLINE_CACHE: ["the user's cache folder", 'where fetched Temporal servers are kept'],
  HOOKLINE_MAX_WIDGETS: [limit('maxWidgets'), 'widget executions in a call'],
  HOOKLINE_MAX_CALL_SECONDS: [limit('maxCallSeconds'), 'length of a call'],
  HOOKLINE_HOLD_AFTER_MS: [limit('holdAfterMs'), 'silence before the hold tune'],
  HOOKLINE_STATUS_EVERY_SECONDS: [limit('statusEverySeconds'), 'silence after which a bridge is asked for its status'],
  HOOKLINE_WAIT_BUDGET_SECONDS: [
    limit('waitBudgetSeconds'),
    'seconds that a caller waits for webhooks, functions and messages, over the whole call',
  ],
  HOOKLINE_RENEW_AFTER_EVENTS: [
    limit('renewAfterEvents'),
    "events in a call's history after which it [goes on in a new run](../architecture.md#long-calls)",
  ],
  HOOKLINE_ACCOUNT_TARGET_LISTS: ['on', '`off`: accounts exempt no target from the address check'],
  HOOKLINE_PROXY: [
    'off',
    'the [proxy](../deploying.md#a-proxy-for-requests) through which requests to targets go, `http://USER:PASSWORD@HOST:PORT` or `https://...`; `HTTP_PROXY` has no effect',
  ],
  HOOKLINE_NO_PROXY: [
    'off',
    'targets that are reached without that proxy, separated by commas: hosts, `*.host`, addresses and CIDRs',
  ],
  HOOKLINE_PROXY_RESOLVES: [
    'off',
    '`on`: that proxy gets the names of targets and looks them up; else it gets addresses that the worker has checked',
  ],
  HOOKLINE_SECRETS_DIR: [
    'off',
    'the folder with a folder for the files of each account, called by its id: [secrets](secrets.md)',
  ],
  'HOOKLINE_SECRET_ID_...': ['off', 'a variable for a [secret](secrets.md) of the account of this id'],
  HOOKLINE_SECRETS: [
    "each account's own places",
    '`anywhere`: the secrets of every account may name any variable and file, for workers and API of [one owner](secrets.md#files-and-variables)',
  ],
  HOOKLINE_BRIDGE_SECRET: [
    'off',
    '`whsec_` and the base64 of 24 bytes or more: signs what goes between the engine and [bridges over HTTP](bridge.md#over-http); several, separated by blanks: each signs, any counts',
  ],
  HOOKLINE_BRIDGE_SECRET_FILE: ['off', 'a file with the same, read once, at the start'],
  HOOKLINE_ARI_PASSWORD: ['off', 'the password of ARI, for [`hookline bridge asterisk`](../guides/asterisk.md)'],
  HOOKLINE_ARI_PASSWORD_FILE: ['off', 'a file with the same, read once, at the start'],
  HOOKLINE_BRIDGE_URLS: ['this machine', 'origins or URL prefixes that bridges may have, separated by commas'],
  HOOKLINE_API_URL: [
    'the API of the stack; else off',
    'where bridges reach the API: told to them with each command; where `hookline flows push` and its like find it; where `hookline bridge asterisk` asks whose a number is',
  ],
  HOOKLINE_API_KEY: ["the operator's key of the stack", 'what these show the API'],
  HOOKLINE_API_HOST: ['`127.0.0.1`', "address that the API listens on; another than this machine's only with a secret"],
  HOOKLINE_API_PORT: [`\`${API_PORT}\``, 'its port; `hookline start` and `npm start` take another when it is taken'],
  HOOKLINE_API_TLS_CERT_FILE: ['off', 'a file with its certificate, for [TLS](../tls.md)'],
  HOOKLINE_API_TLS_KEY_FILE: ['off', 'a file with the key of the certificate'],
  HOOKLINE_API_TLS_CLIENT_CA_FILE: ['off', 'a file with the CA of its clients: only they get a connection'],
  HOOKLINE_TLS_PROXY: ['off', '`on`: a proxy before API and codec server speaks TLS, so they do not warn'],
  HOOKLINE_API_REQUESTS_PER_MINUTE: [
    String(REQUESTS_PER_MINUTE),
    'requests of one key in a minute, or of one address without a key',
  ],
  HOOKLINE_OPERATOR_KEY: [
    'one made by the stack; else off',
    '32 characters or more: the key of the [API](api.md#keys) that opens every account',
  ],
  HOOKLINE_OPERATOR_KEY_FILE: ['off', 'a file with the same, read once, at the start'],
  HOOKLINE_PUBLIC_URL: [
    'where the API listens',
    'below which short links are followed; the same for workers and the API',
  ],
  HOOKLINE_TRUSTED_PROXIES: [
    'off',
    "addresses of proxies, separated by commas, whose `X-Forwarded-For` tells the caller's address",
  ],
  HOOKLINE_CODEC_KEYS: [
    'off',
    '`id=key`, a key being 32 bytes in base64: [encrypts](encryption.md) what goes to Temporal and into the store; several, separated by commas: the first encrypts, each decrypts',
  ],
  HOOKLINE_CODEC_KEYS_FILE: ['off', 'a file with the same, one a line, read once, at the start'],
  HOOKLINE_CODEC: [
    'not set',
    '`off`: nothing is encrypted, and keys that are there still decrypt; without keys `hookline worker` and `hookline api` start only so',
  ],
  HOOKLINE_CODEC_HOST: [
    '`127.0.0.1`',
    "address that the [codec server](encryption.md#reading-histories) listens on; another than this machine's only with a token",
  ],
  HOOKLINE_CODEC_PORT: [`\`${CODEC_PORT}\``, 'its port'],
  HOOKLINE_CODEC_TLS_CERT_FILE: ['off', 'a file with its certificate, for [TLS](../tls.md)'],
  HOOKLINE_CODEC_TLS_KEY_FILE: ['off', 'a file with the key of the certificate'],
  HOOKLINE_CODEC_TLS_CLIENT_CA_FILE: ['off', 'a file with the CA of its clients: only they get a connection'],
  HOOKLINE_CODEC_TOKEN: [
    'off',
    'what a request to it must bring along as bearer token: 16 or more visible ASCII characters',
  ],
  HOOKLINE_CODEC_UI_ORIGIN: ['the UI of the stack', 'origins of the web pages that may ask it, separated by commas'],
  HOOKLINE_BUILD_ID: [
    'off',
    'names the build of a worker, so that [calls stay on the build that they began on](../deploying.md)',
  ],
  HOOKLINE_METRICS_ADDRESS: [
    'off',
    '`host:port` at which Prometheus reads the [metrics](metrics.md) of a worker, or of a bridge on Asterisk',
  ],
  HOOKLINE_HEALTH_ADDRESS: [
    'off',
    '`host:port` at which a worker answers `/health/live` and `/health/ready`, as the API does at its port: [operations](../operations.md#health)',
  ],
  HOOKLINE_LOG_LEVEL: [
    '`info`; `warn` in a development stack',
    '`debug`, `info`, `warn` or `error`: what workers and the API [log](../operations.md#logs)',
  ],
  HOOKLINE_DEBUG: [
    'off',
    'any value: shows where an internal error came from, and in the log of a worker the messages of failures, which may hold numbers and bodies',
  ],
};

/** The default of a limit of calls. */
function limit(name: keyof typeof DEFAULT_LIMITS): string {
  return String(DEFAULT_LIMITS[name] ?? 'off');
}
