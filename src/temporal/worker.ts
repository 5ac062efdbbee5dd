/**
 * The worker that runs calls: its activities and the options that decide how fast it recovers.
 * @module
 */
import { type NativeConnection, Worker, type WorkerInterceptors, type WorkflowBundleOption } from '@temporalio/worker';
import { composeFlowEnd, createDeliverFlowEnd } from '../activities/flow-end.js';
import type { Activities } from '../activities/index.js';
import { type CallLimits, DEFAULT_LIMITS, createOpenCall } from '../activities/open-call.js';
import { Sender } from '../activities/webhook/send.js';
import { createWebhookActivities } from '../activities/webhook/webhook.js';
import { CALL_TASK_QUEUE } from '../telephony/start.js';
import { workflowBundle } from './bundle.js';

/** What a worker of calls is made of. */
export interface CallWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  /** Whether the server knows our search attributes; without them calls run all the same. */
  searchAttributes: boolean;
  /** Default `hookline`. */
  taskQueue?: string;
  /** Each default as in {@link DEFAULT_LIMITS}. */
  limits?: Partial<CallLimits>;
  /** Whether accounts may exempt targets from W11, default true. */
  accountTargetLists?: boolean;
  /** 0 replays every workflow task from the start: the cheapest test of determinism. Default: as the SDK decides. */
  maxCachedWorkflows?: number;
  /** Sends the requests of calls; default: one of its own. */
  sender?: Sender;
  /** Further activities, by name. */
  activities?: Record<string, () => Promise<void>>;
  /** Stand around every activity. */
  interceptors?: WorkerInterceptors;
  /** Milliseconds in which at most one heartbeat of an activity goes to the server, default 1,000. */
  heartbeatThrottleMs?: number;
  /**
   * Milliseconds by which the time of day that widgets see is away from real time, for a call by its workflow id.
   * Default: 0 for all.
   */
  clockShiftMs?: (workflowId: string) => number;
  /** Default: the one the build left. */
  bundle?: WorkflowBundleOption;
}

/** Makes a worker; `run()` starts it. Its shutdown lets requests under way end (up to 65 s). */
export async function createCallWorker(options: CallWorkerOptions): Promise<Worker> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const sender = options.sender ?? new Sender({ accountTargetLists: options.accountTargetLists ?? true });
  const throttle = options.heartbeatThrottleMs ?? 1000;
  const activities: Activities = {
    openCall: createOpenCall({ limits, searchAttributes: options.searchAttributes }),
    ...createWebhookActivities({}, sender),
    composeFlowEnd,
    deliverFlowEnd: createDeliverFlowEnd(sender),
  };
  return Worker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue ?? CALL_TASK_QUEUE,
    workflowBundle: options.bundle ?? (await workflowBundle()),
    activities: { ...options.activities, ...activities },
    // A call whose worker died is taken over after a second instead of ten.
    stickyQueueScheduleToStartTimeout: '1 second',
    // Heartbeats reach the server each second, so that three seconds of silence mean a dead worker.
    maxHeartbeatThrottleInterval: throttle,
    defaultHeartbeatThrottleInterval: throttle,
    maxConcurrentActivityTaskExecutions: 500,
    shutdownGraceTime: '65 seconds',
    ...(options.interceptors && { interceptors: options.interceptors }),
    ...(options.maxCachedWorkflows !== undefined && { maxCachedWorkflows: options.maxCachedWorkflows }),
  });
}
