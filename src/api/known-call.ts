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
      throw new RequestProblem(503, 'NO_WORKER', 'No worker answers how far the call is.');
    throw error;
  }
}

/** A call as the server describes it. */
export interface DescribedCall {
  state: 'running' | 'ended';
  /** Of its newest run. */
  runId: string;
  /** Events of that run. */
  historyLength: number;
}

/** Whether a call is there: `running`, `ended`, or undefined when no call has this id. */
export async function callState(client: Client, workflowId: string): Promise<'running' | 'ended' | undefined> {
  return (await describedCall(client, workflowId))?.state;
}

async function describedCall(client: Client, workflowId: string): Promise<DescribedCall | undefined> {
  try {
    const { type, status, runId, historyLength } = await client.workflow.getHandle(workflowId).describe();
    if (type !== CALL_WORKFLOW) return undefined;
    return { state: status.name === 'RUNNING' ? 'running' : 'ended', runId, historyLength };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** A call that is there. @throws {RequestProblem} CALL_UNKNOWN */
export async function knownCall(client: Client, workflowId: string): Promise<DescribedCall> {
  const call = await describedCall(client, workflowId);
  if (call === undefined) throw new RequestProblem(404, 'CALL_UNKNOWN', 'There is no call of this id.');
  return call;
}
