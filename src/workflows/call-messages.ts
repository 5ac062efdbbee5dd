/**
 * The messages that a call takes: signals for events and for the loss of its bridge, queries for its state. Contract B2, B8.
 * @module
 */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { UnfinishedCall } from '../engine/unfinished.js';
import type { PackedProgress } from '../engine/packed-report.js';
import { BRIDGE_WATCH } from '../engine/bridge-watch.js';
import { RECONCILER } from '../engine/reconciler.js';
import { BRIDGE_EVENT_SIGNAL, type BridgeEvent } from '../telephony/events.js';
import { PATH_QUERY } from '../telephony/start.js';

/** An event of the bridge. */
export const bridgeEvent = defineSignal<[BridgeEvent]>(BRIDGE_EVENT_SIGNAL);
/** A bridge node has lost its calls: it is gone, or was started anew. The argument is `<node>.<epoch>`. Contract B8. */
export const bridgeLost = defineSignal<[string]>(BRIDGE_WATCH.lost);
/** The call as it is now: its report so far and its timeline. */
export const progress = defineQuery<PackedProgress>('progress');
/** The keys of the widgets entered so far, in order. */
export const path = defineQuery<string[]>(PATH_QUERY);
/** What is left to be done should the call have been ended from outside; null before its first step. Contract E2. */
export const unfinished = defineQuery<UnfinishedCall | null>(RECONCILER.unfinished);
