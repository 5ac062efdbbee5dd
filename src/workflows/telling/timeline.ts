/**
 * What happened in a call, for people: its timeline, and the position that Temporal's UI shows.
 * @module
 */
import { setCurrentDetails } from '@temporalio/workflow';
import type { TimelineEntry } from '../../engine/call-report.js';
import type { BridgeEvent } from '../../telephony/events.js';

/** Entries kept: a call that loops does not grow without end. */
const MAX_ENTRIES = 2000;

/** Collects what happened. Texts may hold what the caller heard, so they stay in the workflow's memory and out of history. */
export class Timeline {
  readonly entries: TimelineEntry[] = [];

  /** Adds one moment. */
  add(kind: TimelineEntry['kind'], text: string): void {
    if (this.entries.length < MAX_ENTRIES) this.entries.push({ at: Date.now(), kind, text });
  }

  /** Adds what a bridge reported of a leg. */
  event(event: BridgeEvent): void {
    if (event.type === 'legRinging')
      this.add('leg', `leg ${event.leg} rings${event.earlyMedia ? ', with early media' : ''}`);
    if (event.type === 'recordingReady') this.add('leg', `recording ${event.name} is ready`);
    if (event.type === 'legAnswered') this.add('leg', `leg ${event.leg} connected`);
    if (event.type === 'legEnded') {
      const who = event.by === 'remote' ? 'the other party' : 'us';
      this.add('leg', `leg ${event.leg} ended by ${who}, cause ${event.cause}`);
    }
  }

  /** Shows where the call is in Temporal's UI; costs no history. */
  at(widget: string, type: string, count: number): void {
    this.add('widget', `${widget} (${type})`);
    setCurrentDetails(`At widget **${widget}** (${type}), number ${count} of this call.`);
  }
}
