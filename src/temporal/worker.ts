/**
 * The worker that runs calls: its activities and the options that decide how fast it recovers.
 * @module
 */
import { getHeapStatistics } from 'node:v8';
import { activityInfo, getClient } from '@temporalio/activity';
import type { DataConverter } from '@temporalio/common';
import {
  type NativeConnection,
  Runtime,
  Worker,
  type WorkerInterceptors,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { createClaimAgent, releaseAgent } from '../activities/agents.js';
import { createRecordCall, createRecordEnded } from '../activities/call-record.js';
import { AttemptLog } from '../activities/attempt-log.js';
import { createNoteDelivery } from '../activities/delivery-record.js';
import { EndpointWatch } from '../activities/endpoint-watch.js';
import { findEndedCalls } from '../activities/find-ended-calls.js';
import { createFunctionActivities, type FunctionActivityOptions } from '../activities/functions/functions.js';
import { createPlaceOutbound } from '../activities/outbound.js';
import { createSendEmail } from '../activities/email/send-email.js';
import { type BridgeTimes, createPostBridgeCommand } from '../activities/bridge-command.js';
import { composeFlowEnd, createDeliverFlowEnd, type DeliveryBooks } from '../activities/flow-end.js';
import type { Activities } from '../activities/index.js';
import { CallGate } from '../call-gate.js';
import { type CallLimits, DEFAULT_LIMITS, createOpenCall, type OpenCallOptions } from '../activities/open-call.js';
import { createReadStart, readRemains } from '../activities/remains.js';
import { calculateDate, createCheckHours } from '../activities/time.js';
import { createWakeDeliveries, startRelease } from '../activities/wake-deliveries.js';
import { Sender } from '../activities/webhook/send.js';
import { createWebhookActivities } from '../activities/webhook/webhook.js';
import type { Endpoint } from '../flow/deliveries.js';
import { type HttpBridgeSettings, httpBridgeSettings } from '../telephony/http/settings.js';
import type { Store } from '../store/store.js';
import { CALL_TASK_QUEUE } from '../telephony/start.js';
import { DEFAULT_PUBLIC_URL } from './worker-settings.js';
import type { RecordSpan } from '../tracing/span.js';
import { callSinks } from './call-sinks.js';
import { workflowBundle } from './bundle.js';
import { watchServer } from './server-watch.js';
import { versionOf } from './worker-version.js';

/** What a worker of calls is made of. */
export interface CallWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  /** Whether the server was away when this process began, default false. Contract B5. */
  serverJustBack?: boolean;
  /** Whether the server knows our search attributes; without them calls run all the same. */
  searchAttributes: boolean;
  /** Default `hookline`. */
  taskQueue?: string;
  /** Each default as in {@link DEFAULT_LIMITS}. */
  limits?: Partial<CallLimits>;
  /** Encrypts what goes to Temporal; that of every client of the same calls. Default: none. Contract C6. */
  dataConverter?: DataConverter;
  /** Whether accounts may exempt targets from W11, default true. */
  accountTargetLists?: boolean;
  /** Milliseconds added to the clock by which a call judges business hours, by its workflow id: for tests. Default 0. */
  clockShiftMs?: (workflowId: string) => number;
  /** Opens the store when it is first needed; default: none, and calls come with their documents. */
  store?: (() => Promise<Store>) | undefined;
  /** The system that carries out functions which accounts point at no other for; default: this one. Contract F6. */
  functionsElsewhere?: FunctionActivityOptions['elsewhere'];
  /** Below which short links are followed, default `http://127.0.0.1:8180`. Contract F2. */
  publicUrl?: string;
  /** How bridges are reached over HTTP; default: unsigned, and on this machine alone. Contract B6. */
  http?: HttpBridgeSettings;
  /** How patient it is with bridges over HTTP. Contract B5. */
  bridgeTimes?: Partial<BridgeTimes>;
  /** 0 replays every workflow task from the start: the cheapest test of determinism. Default: as many as the heap holds. */
  maxCachedWorkflows?: number;
  /** Sends the requests of calls; default: one of its own. */
  sender?: Sender;
  /** Takes the spans of calls; default: nobody wants them. */
  record?: RecordSpan | undefined;
  /** Further activities by name, or others in place of ours. */
  activities?: Partial<Activities> & Record<string, unknown>;
  /** Stand around every activity. */
  interceptors?: WorkerInterceptors;
  /**
   * Activities that run at the same time, default 2,000: a command over HTTP occupies its slot for as long as it plays, and
   * must not keep webhooks waiting for theirs.
   */
  activitySlots?: number;
  /** Milliseconds in which at most one heartbeat of an activity goes to the server, default 1,000. */
  heartbeatThrottleMs?: number;
  /** Default: the one the build left that matches `dataConverter`. */
  bundle?: WorkflowBundleOption;
  /** Names this build among those of the deployment: calls stay on the build that they began on. Default: no versions. */
  buildId?: string;
}

/**
 * How long one workflow task may compute. Over the SDK's 5 s the whole worker dies, and a long history on a loaded machine
 * must not bring that about. The SDK takes this option, but leaves it out of its types.
 */
const PATIENCE: object = { isolateExecutionTimeout: '30 seconds' };

/**
 * How many calls a worker keeps at hand. One that it has forgotten is replayed at each step, and a worker with more calls than
 * it keeps soon does nothing else. A waiting call takes a fifth of a MiB; the SDK reckons with eight times as much.
 */
function callsInMemory(): number {
  const heapMiB = getHeapStatistics().heap_size_limit / 2 ** 20;
  return Math.max(100, Math.floor((heapMiB - 400) * 2.5));
}

/** Makes a worker; `run()` starts it. Its shutdown lets requests under way end (up to 65 s). */
export async function createCallWorker(options: CallWorkerOptions): Promise<Worker> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const http = options.http ?? httpBridgeSettings({});
  const accountTargetLists = options.accountTargetLists ?? true;
  const sender = options.sender ?? new Sender({ accountTargetLists, record: options.record });
  const { searchAttributes, store } = options;
  const dataConverter = options.dataConverter ?? {};
  const throttle = options.heartbeatThrottleMs ?? 1000;
  let gate: CallGate | undefined;
  const isFull: OpenCallOptions['isFull'] = (account) => {
    gate ??= new CallGate(getClient(), searchAttributes);
    return gate.isFull(account, activityInfo().workflowExecution?.workflowId ?? '');
  };
  const opening = { limits, searchAttributes, http, store };
  const steadyMs = watchServer(options.connection, options.serverJustBack ?? false);
  const activities: Activities = {
    serverSteadyMs: () => Promise.resolve(steadyMs()),
    openCall: createOpenCall({ ...opening, isFull }),
    ...createFunctionActivities({
      ...{ store, sender, publicUrl: options.publicUrl ?? DEFAULT_PUBLIC_URL },
      elsewhere: options.functionsElsewhere,
    }),
    recordCall: createRecordCall(store),
    findEndedCalls,
    readRemains,
    // A call that has ended is never too many.
    readStart: createReadStart(createOpenCall(opening)),
    recordEnded: createRecordEnded(store),
    noteDelivery: createNoteDelivery(store),
    placeOutbound: createPlaceOutbound(store, searchAttributes),
    postBridgeCommand: createPostBridgeCommand(http, options.bridgeTimes),
    ...createWebhookActivities({}, sender),
    claimAgent: createClaimAgent(store),
    releaseAgent,
    calculateDate,
    checkHours: createCheckHours(options.clockShiftMs),
    sendEmail: createSendEmail({ accountTargetLists }),
    composeFlowEnd,
    deliverFlowEnd: createDeliverFlowEnd(sender, store && deliveryBooks(store)),
    wakeDeliveries: createWakeDeliveries(store),
  };
  return Worker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue ?? CALL_TASK_QUEUE,
    workflowBundle: options.bundle ?? (await workflowBundle(dataConverter)),
    dataConverter,
    activities: { ...activities, ...options.activities },
    sinks: callSinks(options.record),
    // A call whose worker died is taken over after a second instead of ten.
    stickyQueueScheduleToStartTimeout: '1 second',
    // Heartbeats reach the server each second, so that three seconds of silence mean a dead worker.
    maxHeartbeatThrottleInterval: throttle,
    defaultHeartbeatThrottleInterval: throttle,
    maxConcurrentActivityTaskExecutions: options.activitySlots ?? 2000,
    shutdownGraceTime: '65 seconds',
    ...PATIENCE,
    ...(options.buildId !== undefined && { workerDeploymentOptions: versionOf(options.buildId) }),
    ...(options.interceptors && { interceptors: options.interceptors }),
    maxCachedWorkflows: options.maxCachedWorkflows ?? callsInMemory(),
    // Without a cache the SDK drops a task that comes while it forgets the same run, and the server waits for it in vain.
    ...(options.maxCachedWorkflows === 0 && { maxConcurrentWorkflowTaskExecutions: 1 }),
  });
}

/** What it keeps of flow ends. Alerts go to the log of the process. */
function deliveryBooks(store: () => Promise<Store>): DeliveryBooks {
  const alert = (message: string) => void Runtime.instance().logger.error(message);
  const release = (freed: Endpoint & { id: number }) => startRelease(getClient(), activityInfo().taskQueue, freed);
  return { endpoints: new EndpointWatch(store, alert, release), attempts: new AttemptLog(store) };
}
