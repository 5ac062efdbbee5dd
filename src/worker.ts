/**
 * Entry point of a worker process: runs calls of the server at `TEMPORAL_ADDRESS` until it is told to stop.
 * Started by `hookline worker` and by the stack. SIGTERM and SIGINT drain: requests under way end first.
 * @module
 */
import { Runtime } from '@temporalio/worker';
import { ANYWHERE_WARNING, secretSettings } from './http/secret-settings.js';
import { judging } from './judging/pool.js';
import { checksOf } from './observability/readiness.js';
import { serveHealth } from './observability/health-server.js';
import { openLog } from './observability/log.js';
import { storeEvents } from './observability/store-log.js';
import { watchLoop } from './observability/loop-watch.js';
import { observe } from './observability/record-metric.js';
import { keepLooking } from './observability/stored-gauges.js';
import { workerLooks } from './observability/worker-looks.js';
import { signalDesks } from './outbound/desk.js';
import { httpBridgeSettings } from './telephony/http/bridge-http-settings.js';
import { CALL_TASK_QUEUE } from './telephony/start.js';
import { dataConverterOf } from './temporal/codec/data-converter.js';
import { requiredCodec } from './temporal/codec/codec-settings.js';
import { connectNative } from './temporal/connect-native.js';
import { connectClient, temporalSettings } from './temporal/connect.js';
import { keepReconciler } from './temporal/keep-reconciler.js';
import { loggingRuntime } from './temporal/runtime.js';
import { ensureSearchAttributes } from './temporal/register-search-attributes.js';
import { createCallWorker } from './temporal/worker.js';
import { workerSettings } from './temporal/worker-settings.js';
import { openTraces } from './observability/traces.js';

const codec = requiredCodec();
const dataConverter = dataConverterOf(codec);
const log = openLog('worker', process.env);
loggingRuntime(log, process.env.HOOKLINE_METRICS_ADDRESS);
const { address: configured, namespace } = temporalSettings();
const address = configured ?? '127.0.0.1:7233';
const say = (line: string) => log.warn(line);
if (secretSettings(process.env).places === 'anywhere') say(ANYWHERE_WARNING);

const asked = performance.now();
const { connection: checked, client } = await connectClient(address, namespace, dataConverter);
// One that is there answers at once.
const serverJustBack = performance.now() - asked > 1000;
const usable = await ensureSearchAttributes(checked, namespace, say);
const connection = await connectNative(address);
const { DATABASE_URL: databaseUrl } = process.env;
if (!databaseUrl) say('DATABASE_URL is not set: calls must carry their documents, and nothing of them is stored');
const settings = { ...workerSettings(process.env), http: httpBridgeSettings(process.env) };
const traces = await openTraces(process.env, log);
const record = traces?.record;
// All but Temporal's packages is loaded, and the store opened, while the thread of the workflows starts.
const opening = databaseUrl
  ? import('./store/source.js').then(({ storeAt }) => storeAt(databaseUrl, process.env, storeEvents(log)))
  : undefined;
const { accountTargetLists, secrets: places, proxy } = settings;
const sending = import('./temporal/call-sender.js').then(({ callSender }) =>
  callSender({ accountTargetLists, record, places, proxy, store: opening && (() => opening) }),
);
const [worker, sender, store] = await Promise.all([
  createCallWorker({
    ...{ connection, namespace, ...usable, serverJustBack, dataConverter, record },
    ...{ ...settings, sender: sending, store: opening && (() => opening) },
  }),
  sending,
  opening,
]);

const stop = () => {
  if (worker.getState() === 'RUNNING') worker.shutdown();
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
// The stack that started this worker is gone: nobody would stop it any more.
process.once('disconnect', stop);

const running = worker.run();
judging.start();
const signalling = store?.ready.then(() => signalDesks(client, store, CALL_TASK_QUEUE));
signalling?.catch(() => say('outbound calls that wait are placed when their account requests another one'));
const letReconcilerBe = keepReconciler(client, CALL_TASK_QUEUE, say);
const stopLooking = keepLooking(Runtime.instance().metricMeter, workerLooks(sender, client, store));
const polling = () => (worker.getState() === 'RUNNING' ? Promise.resolve() : Promise.reject(new Error('not polling')));
const { metricMeter } = Runtime.instance();
const loop = watchLoop(log, (seconds) => observe(metricMeter, 'hookline_loop_held_seconds', seconds, {}));
const { HOOKLINE_HEALTH_ADDRESS: healthAddress } = process.env;
const health =
  healthAddress && (await serveHealth(healthAddress, { ...checksOf(client, store), polling, loop: loop.check }));
process.send?.('ready');
if (!process.send) {
  if (!codec?.encrypts)
    say(
      'HOOKLINE_CODEC is off: calls are not encrypted in Temporal, and their histories hold sensitive values in clear',
    );
  log.info(`takes calls from task queue hookline at ${address}, namespace ${namespace}`);
}
await running;
loop.stop();
letReconcilerBe();
stopLooking();
if (health) await health.stop();
await traces?.close().catch(() => undefined);
await checked.close();
await connection.close();
await store?.close();
process.exit(0);
