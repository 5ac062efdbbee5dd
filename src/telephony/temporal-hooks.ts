/**
 * The way from a bridge that speaks Temporal to a call. Contract B1, B2.
 * @module
 */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { BRIDGE_EVENT_SIGNAL, type BridgeEvent } from './events.js';
import { PATH_QUERY } from './start.js';

/** What a bridge asks and reports of a call, by its workflow id. */
export interface CallHooks {
  /** Sends an event to the call's workflow; rejects when that may be tried again. */
  sendEvent(workflowId: string, event: BridgeEvent): Promise<void>;
  /** Keys of the widgets that the call has entered so far, in order, repeated for each visit. */
  entered(workflowId: string): Promise<string[]>;
}

/** Events go as signals; which widgets were entered is a query. */
export function temporalHooks(client: Client): CallHooks {
  return {
    async sendEvent(workflowId, event) {
      const handle = client.workflow.getHandle(workflowId);
      try {
        await handle.signal(BRIDGE_EVENT_SIGNAL, event);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        // A closed workflow needs no events any more; one that is not there may be about to start, and this rejects.
        await handle.describe();
      }
    },
    entered: (workflowId) => client.workflow.getHandle(workflowId).query<string[]>(PATH_QUERY),
  };
}
