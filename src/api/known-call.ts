/**
 * Finding a call by its workflow id. Other workflows of the namespace are none of the API's business.
 * @module
 */
import { type Client, QueryNotRegisteredError, WorkflowNotFoundError } from '@temporalio/client';
import { CALL_WORKFLOW } from '../telephony/start.js';
import { problemOf, RequestProblem } from './problem.js';

/** Milliseconds that the Temporal server has for all that one request needs of it. */
const ANSWER_MS = 10_000;
/** Milliseconds that a worker has to answer a query. */
const QUERY_MS = 5000;

/** Does something with the server, which must answer in time. */
export function timely<T>(client: Client, work: () => Promise<T>): Promise<T> {
  return client.connection.withDeadline(Date.now() + ANSWER_MS, work);
}

/** Asks a call, which a worker of its build answers. @throws {RequestProblem} NO_WORKER when no worker answers in time */
export async function queried<T>(client: Client, query: () => Promise<T>): Promise<T> {
  try {
    return await client.connection.withDeadline(Date.now() + QUERY_MS, query);
  } catch (error) {
    if (error instanceof QueryNotRegisteredError || problemOf(error).code === 'TEMPORAL_UNREACHABLE')
      throw new RequestProblem(503, 'NO_WORKER', 'No worker tells how far the call is.');
    throw error;
  }
}

/** Whether a call is there: `running`, `ended`, or undefined when there is none of this id. */
export async function callState(client: Client, workflowId: string): Promise<'running' | 'ended' | undefined> {
  try {
    const { type, status } = await client.workflow.getHandle(workflowId).describe();
    if (type !== CALL_WORKFLOW) return undefined;
    return status.name === 'RUNNING' ? 'running' : 'ended';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** As {@link callState}. @throws {RequestProblem} CALL_UNKNOWN when there is none. */
export async function knownCall(client: Client, workflowId: string): Promise<'running' | 'ended'> {
  const state = await callState(client, workflowId);
  if (state === undefined) throw new RequestProblem(404, 'CALL_UNKNOWN', 'There is no call of this id.');
  return state;
}
