/**
 * The way from a call to the desk that knows which agents are free. Contract F4.
 * @module
 */
import { activityInfo, getClient } from '@temporalio/activity';
import { type Client, WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { shareOf } from '../calls/call-gate.js';
import { AGENT_DESK, type AgentRequest } from '../engine/agent-desk.js';
import type { Store } from '../store/store.js';

/** A call of an account asks for an agent. */
export type AgentClaim = AgentRequest & { account: number; countryCode?: string | undefined };

/** Calls that are looked at, at most, when all agents seem to be taken. */
const MAX_LOOKED_AT = 50;

/**
 * Makes the activity that claims a free agent for a call; null when none is free. Agents of calls that have closed count as
 * free. Who is paused in the store at this moment gets no call.
 */
export function createClaimAgent(store: (() => Promise<Store>) | undefined) {
  return async function claimAgent({ account, countryCode, ...asked }: AgentClaim): Promise<string | null> {
    const paused = await (await store?.())?.agents.paused(account, asked.candidates, countryCode);
    const candidates = asked.candidates.filter((number) => !paused?.has(number));
    return candidates.length === 0 ? null : claimOneOf(account, { ...asked, candidates });
  };
}

async function claimOneOf(account: number, request: AgentRequest): Promise<string | null> {
  const client = getClient();
  const agent = await claim(client, account, request, request.claim);
  if (agent !== null) return agent;
  const abandoned = await claimsOfClosedCalls(client, account);
  if (abandoned.length === 0) return null;
  await release(client, account, abandoned);
  return claim(client, account, request, `${request.claim}/again`);
}

/** Gives an agent back. A claim that the desk does not know changes nothing. */
export async function releaseAgent(given: { account: number; claim: string }): Promise<void> {
  await release(getClient(), given.account, [given.claim]);
}

function deskId(account: number): string {
  return `agents-${account}`;
}

function claim(client: Client, account: number, request: AgentRequest, updateId: string): Promise<string | null> {
  const startWorkflowOperation = new WithStartWorkflowOperation(AGENT_DESK.workflow, {
    workflowId: deskId(account),
    taskQueue: activityInfo().taskQueue,
    args: [],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowTaskTimeout: '2 seconds',
    ...shareOf(account),
    staticSummary: 'which agents are free',
  });
  return client.workflow.executeUpdateWithStart<Workflow, string | null, [AgentRequest]>(AGENT_DESK.claim, {
    startWorkflowOperation,
    updateId,
    args: [request],
  });
}

async function release(client: Client, account: number, claims: string[]): Promise<void> {
  try {
    await client.workflow
      .getHandle(deskId(account))
      .executeUpdate<void, [string[]]>(AGENT_DESK.release, { args: [claims] });
  } catch (error) {
    // A desk that has closed holds nothing.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** Claims whose calls can no longer give their agents back, because they were terminated. */
async function claimsOfClosedCalls(client: Client, account: number): Promise<string[]> {
  const holders = await client.workflow.getHandle(deskId(account)).query<Record<string, string>>(AGENT_DESK.holders);
  const looked = Object.entries(holders)
    .slice(0, MAX_LOOKED_AT)
    .map(async ([held, call]) => ((await isOpen(client, call)) ? [] : [held]));
  return (await Promise.all(looked)).flat();
}

async function isOpen(client: Client, call: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(call).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
