/**
 * A plain Node process: what the job costs by itself. It keeps nothing.
 * @module
 */
import type { Engine } from '../../engine.js';
import { startService } from '../service.js';

/** The physical floor. */
export const node: Engine = {
  name: 'node',
  about: 'plain Node process; keeps nothing',
  start: (job) => startService(new URL('service.mjs', import.meta.url), job, { node: process.versions.node }),
};
