/**
 * The engines that are compared, in the order of the table.
 * @module
 */
import type { Engine } from '../engine.js';
import { dbos } from './dbos/engine.js';
import { floor, floorOnPostgresql, floorPhone } from './floor/engine.js';
import { hookline, hooklineIvr, hooklineOnPostgresql, hooklinePhone } from './hookline/engine.js';
import { nodeRed } from './node-red/engine.js';
import { n8n } from './n8n/engine.js';
import { node } from './node/engine.js';
import { releaseIvr } from './release/engine.js';
import { restate } from './restate/engine.js';
import { temporal } from './temporal/engine.js';

/** All do the same job. */
export const ENGINES: readonly Engine[] = [node, nodeRed, n8n, restate, dbos, temporal, floor, hookline];

/** These do a telephone call. */
export const PHONES: readonly Engine[] = [floorPhone, hooklinePhone];

/** The same on the real server with PostgreSQL. */
export const ON_POSTGRESQL: readonly Engine[] = [floorOnPostgresql, hooklineOnPostgresql];

/** An IVR of ten widgets: the release before, and this one. */
export const IVRS: readonly Engine[] = [releaseIvr, hooklineIvr];
