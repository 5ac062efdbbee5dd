/**
 * The messages that a call takes: one signal for events, queries for its state. Contract B2.
 * @module
 */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { CallProgress } from '../flow/call-report.js';
import { BRIDGE_EVENT_SIGNAL, type BridgeEvent } from '../telephony/events.js';

/** An event of the bridge. */
export const bridgeEvent = defineSignal<[BridgeEvent]>(BRIDGE_EVENT_SIGNAL);
/** The call as it is now: its report so far and its timeline. */
export const progress = defineQuery<CallProgress>('progress');
/** The keys of the widgets entered so far, in order. */
export const path = defineQuery<string[]>('path');
