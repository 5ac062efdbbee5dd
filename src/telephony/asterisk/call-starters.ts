/**
 * How the calls that arrive are started: by Temporal's client, or over our API. Contract B1, B6.
 * @module
 */
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { callWorkflowId } from '../../calls/call-id.js';
import { startCall, type StartedCall } from '../../calls/start-call.js';
import { CAUSE } from '../causes.js';
import type { BridgeAbilities } from '../start.js';
import type { Signature } from '../http/signature.js';
import type { CallStarter, Route } from './incoming-call.js';

/** Milliseconds that our API has for an answer. */
const ANSWER_MS = 10_000;

/** What both ways share. */
export interface StarterOptions {
  /** The id of the bridge node. */
  id: string;
  /** What its starts say that it does. Contract B7. */
  can: NonNullable<BridgeAbilities['can']>;
  /** Whose a number is; null: nobody's. */
  route: (to: string) => Promise<Route | null>;
}

/** Starts workflows. */
export function temporalStarter(client: Client, taskQueue: string, { id, can, route }: StarterOptions): CallStarter {
  return {
    route,
    workflowId: (account, callId) => callWorkflowId(account, id, callId),
    async start(call) {
      try {
        await startCall(client, input(call, { id, taskQueue, ...abilities(can) }));
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      return null;
    },
  };
}

/** Starts calls over our API. */
export function apiStarter(
  { apiUrl, signature, url }: { apiUrl: string; signature: Signature | null; url: string },
  { id, can, route }: StarterOptions,
): CallStarter {
  return {
    route,
    workflowId: (account, callId) => callWorkflowId(account, id, callId),
    async start(call) {
      const body = JSON.stringify(input(call, { id, url, ...abilities(can) }));
      const answer = await fetch(`${apiUrl}/bridge/calls`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signature?.headers(call.id, body) },
        body,
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      await answer.arrayBuffer();
      if (answer.ok) return null;
      // Refused, now and later; a busy account refuses this call, and not the next one.
      if (answer.status === 422 || answer.status === 429) return CAUSE.temporaryFailure;
      throw new Error(`the API answered ${answer.status} to the start of a call`);
    },
  };
}

/** A bridge that does nothing beyond says nothing: older workers refuse the field. */
function abilities(can: StarterOptions['can']): BridgeAbilities {
  return can.length > 0 ? { can } : {};
}

function input(call: Parameters<CallStarter['start']>[0], bridge: StartedCall['bridge']): StartedCall {
  const { id, from, to, account, flow } = call;
  return {
    ...{ account, flow, bridge },
    call: { id, direction: 'inbound', from, to, startedAt: new Date().toISOString() },
  };
}
