/**
 * The calls of an account, as Temporal's visibility store knows them.
 * @module
 */
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { CALL_WORKFLOW } from '../../telephony/start.js';
import { searchAttributes } from '../../engine/search-attributes.js';
import { RequestProblem } from '../problem.js';

const { WorkflowExecutionStatus } = proto.temporal.api.enums.v1;

/** A call in a list. */
interface ListedCall {
  call: string;
  flow: string | null;
  state: 'running' | 'ended';
  startedAt: string;
  endedAt: string | null;
}

/** One page; the cursor is the server's. */
export async function listCalls(
  client: Client,
  account: number,
  { limit, after, state }: { limit: number; after?: string | undefined; state?: 'running' | 'ended' | undefined },
): Promise<{ items: ListedCall[]; next: string | null }> {
  const status = state === undefined ? '' : ` AND ExecutionStatus ${state === 'running' ? '=' : '!='} 'Running'`;
  const { executions, nextPageToken } = await client.workflowService
    .listWorkflowExecutions({
      namespace: client.options.namespace,
      pageSize: limit,
      query: `WorkflowType = '${CALL_WORKFLOW}' AND ${searchAttributes.account.name} = '${account}'${status}`,
      nextPageToken: tokenOf(after),
    })
    .catch((error: unknown) => {
      throw after === undefined ? error : noCursor();
    });
  const next = nextPageToken && nextPageToken.length > 0 ? Buffer.from(nextPageToken).toString('base64url') : null;
  const items = executions.map(({ execution, status, startTime, closeTime, searchAttributes: found }): ListedCall => {
    const flow = found?.indexedFields?.[searchAttributes.flow.name]?.data;
    return {
      call: execution?.workflowId ?? '',
      flow: flow ? (JSON.parse(Buffer.from(flow).toString('utf8')) as string) : null,
      state: status === WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING ? 'running' : 'ended',
      startedAt: momentOf(startTime) ?? new Date(0).toISOString(),
      endedAt: momentOf(closeTime),
    };
  });
  return { items, next };
}

/** The server's own cursor, which is JSON: it would try for long to read anything else. */
function tokenOf(after: string | undefined): Uint8Array {
  if (after === undefined) return new Uint8Array();
  const token = Buffer.from(after, 'base64url');
  try {
    const read: unknown = JSON.parse(token.toString('utf8'));
    if (typeof read === 'object' && read !== null) return token;
  } catch {
    // It is refused below.
  }
  throw noCursor();
}

function noCursor(): RequestProblem {
  return new RequestProblem(400, 'INVALID_VALUE', 'The query parameter "after" is the "next" of no page.');
}

function momentOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined): string | null {
  if (!time) return null;
  return new Date(Number(time.seconds ?? 0) * 1000 + Math.floor((time.nanos ?? 0) / 1e6)).toISOString();
}
