/**
 * Making sure that a server knows our search attributes: a workflow that sets an unknown one hangs for ever.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcServiceError, type Connection } from '@temporalio/client';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { searchAttributes } from '../engine/search-attributes.js';
import type { Say } from './servers/programs.js';

/** All our search attributes. */
export const SEARCH_ATTRIBUTES = Object.values(searchAttributes);
/** The one by which the calls of a watched node are found; calls do without it as before. Contract B8. */
const OF_BRIDGES = [searchAttributes.bridge];
const OF_CALLS = SEARCH_ATTRIBUTES.filter((key) => key !== searchAttributes.bridge);

/** gRPC's codes, which we meet as numbers. */
const ALREADY_EXISTS = 6;
const UNIMPLEMENTED = 12;
/** Temporal's word for no type, which it refuses. */
const UNSPECIFIED = 0;
const CALL_SECONDS = 10;
/** A server reads its namespaces anew every some seconds; only then a new search attribute can be used. */
const USABLE_SECONDS = 30;

/** Which search attributes workflows may set. */
export interface UsableAttributes {
  /** Those of calls. */
  searchAttributes: boolean;
  /** `HooklineBridge` too. Without it no bridge node is watched as a whole. Contract B8. */
  findsBridges: boolean;
}

/**
 * Verifies that a namespace has our search attributes, and registers those that it does not have.
 * @param say receives what was registered, or what calls must do without, and why
 * @returns which of them workflows may set: none when the server does not answer or does not let us
 */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
  say: Say,
): Promise<UsableAttributes> {
  const without = (what: string) => (reason: string) =>
    say(`${what}, for namespace ${namespace} does not have them: ${reason}`);
  const where = { connection, namespace, say };
  const ofCalls = await ensure(where, OF_CALLS, without('Calls run without search attributes'));
  if (!ofCalls) return { searchAttributes: false, findsBridges: false };
  const ofBridges = await ensure(where, OF_BRIDGES, without('No bridge node is watched: calls run without its search attributes')); // prettier-ignore
  return { searchAttributes: true, findsBridges: ofBridges };
}

interface Namespace {
  connection: Connection;
  namespace: string;
  say: Say;
}

/** Whether these can be set, once those that were missing are registered. */
async function ensure({ connection, namespace, say }: Namespace, keys: Key[], without: Say): Promise<boolean> {
  try {
    const known = await knownAttributes(connection, namespace);
    const wrong = keys.filter(({ name, type }) => known.has(name) && known.get(name) !== code(type));
    if (wrong.length > 0) throw new Error(`${names(wrong)} exist there with another type`);
    const missing = keys.filter(({ name }) => !known.has(name));
    if (missing.length === 0) return true;
    await register(connection, namespace, missing);
    await untilUsable(connection, namespace, keys);
    say(`Registered the search attributes ${names(missing)} in namespace ${namespace}`);
    return true;
  } catch (error) {
    without(isGrpcServiceError(error) ? error.details : (error as Error).message);
    return false;
  }
}

type Key = (typeof SEARCH_ATTRIBUTES)[number];

const code = (type: Key['type']) => encodeSearchAttributeIndexedValueType(type);
const names = (keys: Key[]) => keys.map(({ name }) => name).join(', ');

async function knownAttributes(connection: Connection, namespace: string): Promise<Map<string, number>> {
  const call = () => connection.operatorService.listSearchAttributes({ namespace });
  try {
    const { customAttributes } = await connection.withDeadline(Date.now() + CALL_SECONDS * 1000, call);
    return new Map(Object.entries(customAttributes ?? {}));
  } catch (error) {
    // The time-skipping server cannot list them; it takes new ones anyway.
    if (isGrpcServiceError(error) && (error.code as number) === UNIMPLEMENTED) return new Map();
    throw error;
  }
}

async function register(connection: Connection, namespace: string, keys: Key[]): Promise<void> {
  const types = Object.fromEntries(keys.map(({ name, type }) => [name, code(type) ?? UNSPECIFIED]));
  const call = () => connection.operatorService.addSearchAttributes({ namespace, searchAttributes: types });
  try {
    await connection.withDeadline(Date.now() + CALL_SECONDS * 1000, call);
  } catch (error) {
    // Another process was quicker by a moment.
    if (!isGrpcServiceError(error) || (error.code as number) !== ALREADY_EXISTS) throw error;
  }
}

/** Asks by these attributes until the server understands the question. */
async function untilUsable(connection: Connection, namespace: string, keys: Key[]): Promise<void> {
  const query = keys.map(({ name }) => `${name} = 'none'`).join(' OR ');
  const deadline = Date.now() + USABLE_SECONDS * 1000;
  for (;;) {
    try {
      await connection.withDeadline(deadline, () =>
        connection.workflowService.countWorkflowExecutions({ namespace, query }),
      );
      return;
    } catch (error) {
      // The time-skipping server cannot search; it knows an attribute at once.
      if (isGrpcServiceError(error) && (error.code as number) === UNIMPLEMENTED) return;
      if (Date.now() > deadline) throw error;
    }
    await sleep(250);
  }
}
