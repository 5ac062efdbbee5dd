/**
 * The worker that runs calls: the options that decide how fast it starts and recovers.
 * @module
 */
import { getHeapStatistics } from 'node:v8';
import type { DataConverter } from '@temporalio/common';
import type { Worker, WorkerInterceptors, WorkflowBundleOption } from '@temporalio/worker';
import type { Activities } from '../activities/index.js';
import { CALL_TASK_QUEUE } from '../telephony/start.js';
import { workflowBundle } from './bundle.js';
import type { CallActivitiesOptions } from './call-activities.js';
import { callSinks } from './call-sinks.js';
import { lateActivities } from './late-activities.js';
import { SandboxedWorker } from './sandboxed-worker.js';
import { versionOf } from './worker-version.js';

/** What a worker of calls is made of. */
export interface CallWorkerOptions extends CallActivitiesOptions {
  namespace: string;
  /** Default `hookline`. */
  taskQueue?: string;
  /** Encrypts what goes to Temporal; that of every client of the same calls. Default: none. Contract C6. */
  dataConverter?: DataConverter;
  /** 0 replays every workflow task from the start: the cheapest test of determinism. Default: as many as the heap holds. */
  maxCachedWorkflows?: number;
  /** Further activities by name, or others in place of ours. */
  activities?: Partial<Activities> & Record<string, unknown>;
  /** Stand around every activity. */
  interceptors?: WorkerInterceptors;
  /**
   * Activities that run at the same time, default one for each call that a worker keeps at hand, 2,000 at least: a request of a
   * slow target, or a command over HTTP, occupies its slot for as long as it takes, and must not keep those of others waiting.
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
 * How many calls a worker keeps at hand. One that it has forgotten is replayed at each step, and a worker with more calls than
 * it keeps soon does nothing else. A waiting call takes a fifth of a MiB; the SDK reckons with eight times as much.
 */
function callsInMemory(): number {
  const heapMiB = getHeapStatistics().heap_size_limit / 2 ** 20;
  return Math.max(100, Math.floor((heapMiB - 400) * 2.5));
}

/** Makes a worker; `run()` starts it. Its shutdown lets requests under way end (up to 65 s). */
export async function createCallWorker(options: CallWorkerOptions): Promise<Worker> {
  const dataConverter = options.dataConverter ?? {};
  const throttle = options.heartbeatThrottleMs ?? 1000;
  const loading = import('./call-activities.js').then(({ callActivities }) => callActivities(options));
  const creating = SandboxedWorker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue ?? CALL_TASK_QUEUE,
    workflowBundle: options.bundle ?? (await workflowBundle(dataConverter)),
    dataConverter,
    activities: { ...lateActivities(loading), ...options.activities },
    sinks: callSinks(options.record),
    // A call whose worker died is taken over after a second instead of ten.
    stickyQueueScheduleToStartTimeout: '1 second',
    // Heartbeats reach the server each second or two, so that three seconds of silence mean a dead worker.
    maxHeartbeatThrottleInterval: throttle,
    defaultHeartbeatThrottleInterval: throttle,
    maxConcurrentActivityTaskExecutions: options.activitySlots ?? Math.max(2000, callsInMemory()),
    shutdownGraceTime: '65 seconds',
    ...(options.buildId !== undefined && { workerDeploymentOptions: versionOf(options.buildId) }),
    ...(options.interceptors && { interceptors: options.interceptors }),
    maxCachedWorkflows: options.maxCachedWorkflows ?? callsInMemory(),
    // Without a cache the SDK drops a task that comes while it forgets the same run, and the server waits for it in vain.
    ...(options.maxCachedWorkflows === 0 && { maxConcurrentWorkflowTaskExecutions: 1 }),
  });
  const [worker] = await Promise.all([creating, loading]);
  return worker;
}
