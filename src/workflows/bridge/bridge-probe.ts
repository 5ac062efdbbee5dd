/**
 * The workflow of a bridge's proof: it gives commands as a call does, and takes events. Its history is the record: there
 * the replies and events stand in the order in which they came. Contract B2, B3, B5.
 * @module
 */
import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { BridgeActivities, BridgeCommand } from '../../telephony/commands.js';
import { BRIDGE_EVENT_SIGNAL } from '../../telephony/events.js';

/** The name of the workflow. */
export const BRIDGE_PROBE_WORKFLOW = 'bridgeProbe';
/** Signal with `id` and command: give it, as the activity of that id. */
export const GIVE_SIGNAL = 'give';
/** Signal: the call is over. */
export const OVER_SIGNAL = 'over';

/** What a probe is started with. */
export interface BridgeProbeInput {
  /** The bridge's. */
  taskQueue: string;
  takenSeconds: number;
  heartbeatSeconds: number;
  commandSeconds: number;
}

/** Runs until the signal that the call is over, or ten minutes. */
export async function bridgeProbe(input: BridgeProbeInput): Promise<void> {
  let over = false;
  setHandler(defineSignal<[string, BridgeCommand]>(GIVE_SIGNAL), (activityId, command) => {
    const { bridgeCommand } = proxyActivities<BridgeActivities>({
      activityId,
      taskQueue: input.taskQueue,
      scheduleToStartTimeout: `${input.takenSeconds} seconds`,
      startToCloseTimeout: `${input.commandSeconds} seconds`,
      heartbeatTimeout: `${input.heartbeatSeconds} seconds`,
      retry: { maximumAttempts: 1 },
    });
    bridgeCommand.executeWithOptions({ summary: command.type }, [command]).catch(() => undefined);
  });
  setHandler(defineSignal<[unknown]>(BRIDGE_EVENT_SIGNAL), () => undefined);
  setHandler(defineSignal(OVER_SIGNAL), () => {
    over = true;
  });
  await condition(() => over, '10 minutes');
}
