/**
 * An engine on Temporal whose calls are started as Hookline's are.
 * @module
 */
import type { WorkflowHandle } from '@temporalio/client';
import { callWorkflowId } from '../src/calls/call-id.js';
import { accountOf, type BenchAbilities, readFlowEnd, startBenchCall } from './calls.js';
import type { Engine, Job, Steps } from './engine.js';
import { temporalVersions } from './engines/temporal-versions.js';
import { servedBy } from './servers/served.js';
import type { ServerKind } from './servers/server.js';
import { TemporalStack, type WorkerProgram } from './temporal-stack.js';

/** Which worker runs which flow. */
export interface CallEngine {
  name: string;
  about: string;
  worker: WorkerProgram;
  flow: (job: Job) => object;
  /** Default: the development server. */
  server?: ServerKind;
  versions?: Record<string, string>;
  /** What its bridge says of itself; default: that it takes sequences. */
  can?: BenchAbilities['can'];
}

/** Makes one. */
export function callEngine({ name, about, worker, flow: flowFor, server, versions = {}, can }: CallEngine): Engine {
  return {
    ...{ name, about, readFlowEnd },
    async start(job) {
      const stack = await TemporalStack.start(worker, server);
      const [flow, account] = [flowFor(job), accountOf(job)];
      return {
        versions: { ...versions, ...temporalVersions(stack) },
        call: async (id) => void (await startBenchCall(stack, id, flow, account, can && { can })),
        steps: (id) => stepsOf(stack.client.workflow.getHandle(callWorkflowId(account.id, stack.bridge.id, id))),
        served: () => servedBy(stack.server.metrics),
        processes: () => stack.processes(),
        crash: () => stack.crash(),
        stop: () => stack.stop(),
      };
    },
  };
}

/** Counts what the server did for a call that has closed. */
export async function stepsOf(handle: WorkflowHandle): Promise<Steps> {
  await handle.result();
  const { events = [] } = await handle.fetchHistory();
  const count = (has: (event: NonNullable<typeof events>[number]) => unknown) => events?.filter(has).length ?? 0;
  return {
    workflowTasks: count((event) => event.workflowTaskCompletedEventAttributes),
    activities: count((event) => event.activityTaskScheduledEventAttributes),
    events: events?.length ?? 0,
  };
}
