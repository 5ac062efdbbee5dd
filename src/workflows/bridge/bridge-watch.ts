/**
 * The watch of one bridge node, which stands for all of its calls: none of them has heartbeats or asks for its bridge. It looks at
 * the node every 3 s, and ends the calls that the node has lost. Contract B5, B8.
 * @module
 */
import {
  ApplicationFailure,
  ActivityFailure,
  condition,
  continueAsNew,
  defineSignal,
  log,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { BRIDGE_WATCH, type BridgeWatchInput, type WatchedSoFar } from '../../engine/bridge-watch.js';
import type { BridgeCommand } from '../../telephony/commands.js';
import { readEpoch } from '../../telephony/messages.js';
import type { BridgeNode } from '../../telephony/start.js';
import { tryWatch } from './bridge-transport.js';

/** Milliseconds from one look to the next. Contract B8. */
const EVERY_MS = 3000;
/** Looks without an answer after which a node is gone: two failures, and one more look. Contract B8. */
const LOOKS = 3;
/** What has begun can be found some moments later only. */
const OVERLAP_MS = 60_000;
/** Milliseconds after which the watch of a node that stays gone ends; the next call of the node, or its boot, starts another. */
const FORGOTTEN_MS = 60_000;
/** Events of a history after which the watch continues as new: some ten minutes. */
const RENEW_AFTER_EVENTS = 2000;

const { countLostCalls } = proxyLocalActivities<Activities>({
  scheduleToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 1 },
});
const { endLostCalls } = proxyActivities<Activities>({
  scheduleToCloseTimeout: '1 minute',
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '5 seconds' },
});

/** The node has booted: it is looked at now. */
const up = defineSignal(BRIDGE_WATCH.up);

/** What a look showed: the node's epoch (null when its answer has none), that it is gone, or nothing, because the server was away. */
type Seen = { epoch: string | null } | 'gone' | 'nothing';

/** The watch of a node. */
export async function bridgeWatch({ bridge, carried }: BridgeWatchInput): Promise<void> {
  if (!isNode(bridge))
    throw ApplicationFailure.nonRetryable('The watch needs "bridge": { "id", "taskQueue" or "url" }.', 'INVALID_INPUT');
  let boots = 0;
  setHandler(up, () => void (boots += 1), { description: 'The node has booted' });
  let soFar = carried ?? { epoch: null, coveredUntil: null, goneSince: null };
  for (;;) {
    const [began, seenBoots] = [Date.now(), boots];
    const seen = await look(bridge, soFar.goneSince === null ? LOOKS : 1);
    if (seen !== 'nothing') soFar = await endLost(changed(soFar, seen, began), began);
    const { goneSince } = soFar;
    if (goneSince !== null && Date.now() - goneSince > FORGOTTEN_MS && boots === seenBoots) return;
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    if (historyLength > RENEW_AFTER_EVENTS || continueAsNewSuggested)
      await continueAsNew<typeof bridgeWatch>({ bridge, carried: soFar });
    const left = Math.max(1, began + EVERY_MS - Date.now());
    await condition(() => boots > seenBoots, left, { summary: 'until the next look' });
  }
}

/** Looks at the node, again at once when it does not answer. */
async function look(bridge: BridgeNode, looks: number): Promise<Seen> {
  for (let left = looks; left > 0; left--) {
    try {
      const given = await tryWatch(bridge, watchCommand());
      if ('answer' in given) return { epoch: readEpoch(given.answer) };
      if (given.away === 'server') return 'nothing';
    } catch (error) {
      // Whoever says no is there.
      if (error instanceof ActivityFailure) return { epoch: null };
      throw error;
    }
  }
  return 'gone';
}

/** Never one that the node has seen before, whatever it remembers. */
function watchCommand(): BridgeCommand {
  const { workflowId, runId, historyLength } = workflowInfo();
  const commandId = `${workflowId}/${runId}-${historyLength}`;
  return { commandId, seq: 0, leg: '', callId: '', widget: null, type: 'watch' };
}

/** What is known after a look. All calls are looked for again when others than before are lost. */
function changed(soFar: WatchedSoFar, seen: Exclude<Seen, 'nothing'>, began: number): WatchedSoFar {
  if (seen === 'gone') {
    if (soFar.goneSince !== null) return soFar;
    log.warn('a bridge node is gone: its calls end');
    setCurrentDetails('the node is gone');
    return { ...soFar, goneSince: began, coveredUntil: null };
  }
  const { epoch } = seen;
  const same = epoch === null || epoch === soFar.epoch;
  if (same && soFar.goneSince === null) return soFar;
  if (epoch !== null && soFar.epoch !== null && !same)
    log.warn('a bridge node has lost its calls: those of its former epoch end');
  setCurrentDetails(`the node is there, epoch ${epoch ?? 'not known'}`);
  return { epoch: epoch ?? soFar.epoch, goneSince: null, coveredUntil: same ? soFar.coveredUntil : null };
}

/** Ends the calls that are lost and began before this look: one that began since may be of an epoch that is newer than the answer. */
async function endLost(soFar: WatchedSoFar, began: number): Promise<WatchedSoFar> {
  const { epoch, coveredUntil, goneSince } = soFar;
  if (goneSince === null && epoch === null) return soFar;
  const before = new Date(began).toISOString();
  const lost = {
    node: workflowInfo().workflowId.slice(BRIDGE_WATCH.idPrefix.length),
    except: goneSince === null ? epoch : null,
    since: coveredUntil && new Date(Date.parse(coveredUntil) - OVERLAP_MS).toISOString(),
    before,
  };
  try {
    if ((await countLostCalls(lost)) > 0) await endLostCalls.executeWithOptions({ summary: 'ends lost calls' }, [lost]);
    return { ...soFar, coveredUntil: before };
  } catch (error) {
    // The next look searches the same time once more.
    if (error instanceof ActivityFailure) return soFar;
    throw error;
  }
}

/** Anybody may start a watch, with anything. */
function isNode(bridge: unknown): bridge is BridgeNode {
  if (typeof bridge !== 'object' || bridge === null) return false;
  const { taskQueue, url } = bridge as { taskQueue?: unknown; url?: unknown };
  return typeof taskQueue === 'string' || typeof url === 'string';
}
