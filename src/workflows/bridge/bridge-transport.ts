/**
 * The two ways of a command: an activity on the task queue of the bridge, or one of ours that POSTs it to the bridge's URL;
 * and how long a bridge that does not take it is believed in. Contract B1, B5, B6, B8.
 * @module
 */
import {
  ActivityFailure,
  ApplicationFailure,
  TimeoutFailure,
  patched,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { Unanswered } from '../../activities/post-bridge-command.js';
import type { Activities } from '../../activities/index.js';
import type { BridgeActivities, BridgeCommand } from '../../telephony/commands.js';
import type { CallInput } from '../../telephony/start.js';
import { PROMPT_RETRY } from '../prompt-retry.js';
import { longestSeconds } from './longest-command.js';

const UNANSWERED: Unanswered = 'BRIDGE_UNANSWERED';

/** Failures of a command after which its bridge counts as gone. Contract B5. */
const FAILURES = 2;
/** Attempts of a command at most, those that do not count included. */
const ATTEMPTS = 10;
/** Seconds within which a bridge takes a command. Contract B5. */
const PICK_UP = 5;
/** The same when the server was away: who lost it asks again up to ten seconds apart. */
const PICK_UP_AFTERWARDS = 20;
/** Milliseconds for which the server must have been there before a command, so that its bridge has surely found it again. */
const FOUND_AGAIN_MS = 15_000;
/** A time-out that arrives this many milliseconds after it was due shows that the server, or our workers, were away. */
const LATE_MS = 2000;

/** Seconds within which a node that has taken a `watch` answers it. Contract B8. */
const LOOK = 5;

const { serverSteadyMs } = proxyLocalActivities<Activities>({ scheduleToCloseTimeout: '5 seconds' });

// Here a missed heartbeat means that our own worker died: another one asks for the result of the same command, which a
// bridge gives as often as it is asked (B3). What the bridge fails to do comes as a failure that is not retried.
const { postBridgeCommand } = proxyActivities<Activities>({
  scheduleToCloseTimeout: '5 hours',
  heartbeatTimeout: '3 seconds',
  retry: PROMPT_RETRY,
});

/**
 * Gives a command to its bridge, and once more when the bridge does not answer; null when it is gone. What it answers is
 * not looked at. A time-out during an outage of Temporal does not count against the bridge: the command never reached it,
 * and the caller may still be on the line.
 * @param wanted whether the command is worth another attempt
 * @param watched whether the bridge's node is watched as a whole. Contract B8
 * @throws ActivityFailure what the bridge says that it cannot do
 */
export async function deliverCommand(
  bridge: CallInput['bridge'],
  command: BridgeCommand,
  summary: string,
  wanted: () => boolean = () => true,
  watched = false,
): Promise<{ answer: unknown } | null> {
  const seconds = watched ? longestSeconds(command) : null;
  let failures = 0;
  let pickUp = PICK_UP;
  for (let attempt = 1; ; attempt++) {
    const given = await tryCommand(bridge, command, summary, { pickUp, seconds });
    if ('answer' in given) return given;
    const excused = given.away === 'server';
    if (!excused) failures += 1;
    if (failures >= FAILURES || attempt >= ATTEMPTS || !wanted()) return null;
    if (excused) pickUp = PICK_UP_AFTERWARDS;
  }
}

/**
 * Gives a `watch` to a node once: what it answers, or who is why it did not.
 * @throws ActivityFailure what the bridge says that it cannot do
 */
export function tryWatch(bridge: CallInput['bridge'], command: BridgeCommand): Promise<Tried> {
  return tryCommand(bridge, command, 'is the node there?', { pickUp: PICK_UP, seconds: LOOK });
}

/** What came of giving a command once. */
type Tried = { answer: unknown } | { away: 'bridge' | 'server' };

/** How long a command may take until the bridge has it, and until it ends; null: hours, with heartbeats. In seconds. */
interface Patience {
  pickUp: number;
  seconds: number | null;
}

async function tryCommand(
  bridge: CallInput['bridge'],
  command: BridgeCommand,
  summary: string,
  patience: Patience,
): Promise<Tried> {
  const givenAt = Date.now();
  try {
    return { answer: await sendCommand(bridge, command, summary, patience) };
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    return { away: (await serverWasAway(error, givenAt, patience.pickUp)) ? 'server' : 'bridge' };
  }
}

/** Whether the server, rather than the bridge, may be why nobody answered a command that was given at this time. */
async function serverWasAway({ cause }: ActivityFailure, givenAt: number, pickUp: number): Promise<boolean> {
  if (!(cause instanceof TimeoutFailure) || !patched('a-server-away-is-no-bridge-gone')) return false;
  if (cause.timeoutType === 'SCHEDULE_TO_START' && Date.now() > givenAt + pickUp * 1000 + LATE_MS) return true;
  const needed = Date.now() - givenAt + FOUND_AGAIN_MS;
  return (await serverSteadyMs().catch(() => Infinity)) < needed;
}

function sendCommand(bridge: CallInput['bridge'], command: BridgeCommand, summary: string, patience: Patience) {
  const { pickUp, seconds } = patience;
  // A start that is refused may say both, or either in the wrong type, and its leg is hung up anyway.
  const { taskQueue, url } = bridge as { taskQueue?: unknown; url?: unknown };
  if (typeof taskQueue !== 'string') {
    // A `watch` over HTTP is bounded by the activity, which tries it anew when a worker of ours has died.
    const limit =
      seconds === null || command.type === 'watch' ? {} : { scheduleToCloseTimeout: `${seconds} seconds` as const };
    return postBridgeCommand.executeWithOptions({ summary, ...limit }, [String(url), command]);
  }
  const { bridgeCommand } = proxyActivities<BridgeActivities>({
    taskQueue,
    scheduleToStartTimeout: `${pickUp} seconds`,
    ...(seconds === null
      ? { startToCloseTimeout: '5 hours', heartbeatTimeout: '30 seconds' }
      : { startToCloseTimeout: `${seconds} seconds` }),
    retry: { maximumAttempts: 1 },
    cancellationType: 'ABANDON',
  });
  return bridgeCommand.executeWithOptions({ summary }, [command]);
}

/** Not picked up, no heartbeat, or no end: the bridge did not answer. */
function isUnanswered(error: unknown): error is ActivityFailure {
  if (!(error instanceof ActivityFailure)) return false;
  const { activityType, cause } = error;
  if (cause instanceof TimeoutFailure) return true;
  return activityType === 'postBridgeCommand' && cause instanceof ApplicationFailure && cause.type === UNANSWERED;
}
