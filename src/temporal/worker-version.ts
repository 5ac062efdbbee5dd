/**
 * Versions of workers: a call stays on the build that it began on, everything else runs on the newest.
 * @module
 */
import type { WorkerDeploymentOptions } from '@temporalio/worker';

/** The deployment that all workers of calls belong to. */
export const DEPLOYMENT = 'hookline';

/** The options of a worker of this build; workflows that say nothing else, as `call` does, follow the current build. */
export function versionOf(buildId: string): WorkerDeploymentOptions {
  return {
    useWorkerVersioning: true,
    version: { deploymentName: DEPLOYMENT, buildId },
    defaultVersioningBehavior: 'AUTO_UPGRADE',
  };
}
