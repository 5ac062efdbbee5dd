/**
 * The floor of Hookline: the same calls as a workflow written by hand, in Hookline's worker.
 * @module
 */
import { callEngine } from '../../call-engine.js';
import { jobFlow, phoneFlow } from '../../calls.js';

const common = {
  name: 'floor',
  about: "a hand-written Temporal workflow with Hookline's activities and obligations",
  worker: { entry: new URL('worker.ts', import.meta.url), execArgv: ['--import', 'tsx'] },
};

/** The job by hand. */
export const floor = callEngine({ ...common, flow: jobFlow });

/** The same with a telephone call. */
export const floorPhone = callEngine({ ...common, flow: phoneFlow });

/** The telephone call on the real server with PostgreSQL. */
export const floorOnPostgresql = callEngine({ ...common, flow: phoneFlow, server: 'postgresql' });
