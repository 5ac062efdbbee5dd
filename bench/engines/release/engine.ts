/**
 * Hookline 0.6.0, which the present one is compared with on the same machine.
 * @module
 */
import { installRelease, RELEASE, releaseWorker as entry } from '../../../test/support/release.js';
import { callEngine } from '../../call-engine.js';
import { ivrFlow } from '../../calls.js';
import type { Engine } from '../../engine.js';
import type { WorkerProgram } from '../../temporal-stack.js';

const { version } = RELEASE;

/** Its worker; to be installed first. */
export const releaseWorker: WorkerProgram = { entry };

/** The IVR on it: each command alone, as it sends them. */
export const releaseIvr: Engine = {
  ...callEngine({
    ...{ name: version, about: `Hookline ${version}, each command alone`, flow: ivrFlow, can: [] },
    ...{ worker: releaseWorker, versions: { hookline: version } },
  }),
  install: installRelease,
};
