/**
 * Raw Temporal: the floor of every engine that stands on it.
 * @module
 */
import type { Engine } from '../../engine.js';
import { TemporalStack } from '../../temporal-stack.js';
import { temporalVersions } from '../temporal-versions.js';

/** A workflow with two activities. */
export const temporal: Engine = {
  name: 'temporal',
  about: 'raw Temporal workflow, two activities; durable, no telephone in it',
  async start(job) {
    const stack = await TemporalStack.start({
      entry: new URL('worker.ts', import.meta.url),
      execArgv: ['--import', 'tsx'],
      env: { LOOKUP_URL: job.lookupUrl, FLOW_END_URL: job.flowEndUrl },
    });
    return {
      versions: temporalVersions(stack),
      async call(id) {
        await stack.client.workflow.start('job', { workflowId: id, taskQueue: 'bench', args: [id] });
      },
      processes: () => stack.processes(),
      crash: () => stack.crash(),
      stop: () => stack.stop(),
    };
  },
};
