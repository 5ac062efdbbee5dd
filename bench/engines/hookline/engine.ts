/**
 * Hookline, as its `npm start` runs it, with PostgreSQL for reports.
 * @module
 */
import packageJson from '../../../package.json' with { type: 'json' };
import { callEngine } from '../../call-engine.js';
import { ivrFlow, jobFlow, phoneFlow } from '../../calls.js';
import type { WorkerProgram } from '../../temporal-stack.js';

/** The worker of the package. */
export const hooklineWorker: WorkerProgram = { entry: new URL('../../../dist/worker.js', import.meta.url) };

const common = {
  ...{ name: 'hookline', worker: hooklineWorker, versions: { hookline: packageJson.version } },
  about: 'a JSON flow on Temporal; durable, with hang-up, report and search attributes',
};

/** The engine of this repository at the job. */
export const hookline = callEngine({ ...common, flow: jobFlow });

/** The same with a telephone call. */
export const hooklinePhone = callEngine({ ...common, flow: phoneFlow });

/** The telephone call on the real server with PostgreSQL. */
export const hooklineOnPostgresql = callEngine({ ...common, flow: phoneFlow, server: 'postgresql' });

/** An IVR of ten widgets. */
export const hooklineIvr = callEngine({ ...common, flow: ivrFlow });
