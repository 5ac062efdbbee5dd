/**
 * The two ways of a command: an activity on the task queue of the bridge, or one of ours that POSTs it to the bridge's URL.
 * Contract B1, B5, B6.
 * @module
 */
import { ActivityFailure, ApplicationFailure, TimeoutFailure, proxyActivities } from '@temporalio/workflow';
import type { Unanswered } from '../activities/bridge-command.js';
import type { Activities } from '../activities/index.js';
import type { BridgeActivities, BridgeCommand } from '../telephony/commands.js';
import type { CallInput } from '../telephony/start.js';

const UNANSWERED: Unanswered = 'BRIDGE_UNANSWERED';

// Here a missed heartbeat means that our own worker died: another one asks for the result of the same command, which a
// bridge gives as often as it is asked (B3). What the bridge fails to do comes as a failure that is not retried.
const { postBridgeCommand } = proxyActivities<Activities>({
  scheduleToCloseTimeout: '5 hours',
  heartbeatTimeout: '3 seconds',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '1 second' },
});

/** Gives a command to its bridge, once; what it answers is not looked at. Rejects with an `ActivityFailure`. */
export function sendCommand(bridge: CallInput['bridge'], command: BridgeCommand, summary: string): Promise<unknown> {
  // A start that is refused may say both, or either in the wrong type, and its leg is hung up all the same.
  const { taskQueue, url } = bridge as { taskQueue?: unknown; url?: unknown };
  if (typeof taskQueue !== 'string') return postBridgeCommand.executeWithOptions({ summary }, [String(url), command]);
  const { bridgeCommand } = proxyActivities<BridgeActivities>({
    taskQueue,
    scheduleToStartTimeout: '5 seconds',
    startToCloseTimeout: '5 hours',
    heartbeatTimeout: '30 seconds',
    retry: { maximumAttempts: 1 },
    cancellationType: 'ABANDON',
  });
  return bridgeCommand.executeWithOptions({ summary }, [command]);
}

/** Not picked up, no heartbeat, or no end: the bridge did not answer. */
export function isUnanswered(error: unknown): boolean {
  if (!(error instanceof ActivityFailure)) return false;
  const { activityType, cause } = error;
  if (cause instanceof TimeoutFailure) return true;
  return activityType === 'postBridgeCommand' && cause instanceof ApplicationFailure && cause.type === UNANSWERED;
}
