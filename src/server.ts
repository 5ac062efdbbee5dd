/**
 * Entry point of an API process: calls and events of HTTP bridges for the server at `TEMPORAL_ADDRESS`, and accounts of the
 * store at `DATABASE_URL`, until it is told to stop. Started by `hookline api`. SIGTERM and SIGINT let requests under way end.
 * @module
 */
import { startApi } from './api/api.js';
import { API_TLS, accountApiSettings, apiSettings } from './api/api-settings.js';
import { ANYWHERE_WARNING, secretSettings } from './http/secret-settings.js';
import { openLog } from './observability/log.js';
import { storeEvents } from './observability/store-log.js';
import { configuredStore } from './store/source.js';
import { untilStopped } from './stack/until-stopped.js';
import { httpBridgeSettings } from './telephony/http/bridge-http-settings.js';
import { dataConverterOf } from './temporal/codec/data-converter.js';
import { requiredCodec } from './temporal/codec/codec-settings.js';
import { connectClient, temporalSettings } from './temporal/connect.js';
import { ensureSearchAttributes } from './temporal/register-search-attributes.js';
import { plainWarning } from './crypto/tls-listener.js';

const log = openLog('api', process.env);
const codec = requiredCodec();
if (secretSettings(process.env).places === 'anywhere') log.warn(ANYWHERE_WARNING);
const http = httpBridgeSettings(process.env);
const { address: configured, namespace } = temporalSettings();
const address = configured ?? '127.0.0.1:7233';
const { connection, client } = await connectClient(address, namespace, dataConverterOf(codec));
const usable = await ensureSearchAttributes(connection, namespace, (line) => log.warn(line));
const store = await configuredStore(process.env, storeEvents(log));
if (!store) log.warn('DATABASE_URL is not set: there are no accounts, and the API has only the routes for bridges');
const accounts = store && { store, ...accountApiSettings(process.env) };
const listener = apiSettings(process.env);
const api = await startApi({ ...listener, client, http, ...usable, accounts, log });
const warning = plainWarning(listener, API_TLS);
if (warning !== null) log.warn(warning);
if (http.signature === null)
  log.warn('HOOKLINE_BRIDGE_SECRET is not set: requests are not signed, and the API takes them from this machine only');
if (!codec?.encrypts)
  log.warn(
    'HOOKLINE_CODEC is off: calls are not encrypted in Temporal, and their histories hold sensitive values in clear',
  );
log.info(`takes calls and events at ${api.url} for ${address}, namespace ${namespace}`);
await untilStopped();
await api.stop();
await connection.close();
await store?.close();
