/**
 * What happened in a call, for people: its timeline, and the position that Temporal's UI shows.
 * @module
 */
import { setCurrentDetails } from '@temporalio/workflow';
import type { TimelineEntry } from '../../engine/call-report.js';
import type { BridgeEvent } from '../../telephony/events.js';

/** Entries kept: a call that loops does not grow without end. */
const MAX_ENTRIES = 2000;

/** Who answered, in words. */
const WHO = { human: 'a person', machine: 'a machine', unknown: 'somebody or a machine' };

/** Collects what happened. Texts may hold what the caller heard, so they stay in the workflow's memory and out of history. */
export class Timeline {
  readonly entries: TimelineEntry[] = [];

  /** The time of the call in milliseconds, which is behind while results of a sequence are taken. Contract B7. */
  now: () => number = () => Date.now();

  /** Adds one moment, in its place among those of the bridge's events. */
  add(kind: TimelineEntry['kind'], text: string, at = this.now()): void {
    if (this.entries.length >= MAX_ENTRIES) return;
    const before = this.entries.findLastIndex((entry) => entry.at <= at);
    this.entries.splice(before + 1, 0, { at, kind, text });
  }

  /** Adds what a bridge reported of a leg. */
  event(event: BridgeEvent): void {
    const at = Date.now();
    if (event.type === 'legRinging')
      this.add('leg', `leg ${event.leg} rings${event.earlyMedia ? ', with early media' : ''}`, at);
    if (event.type === 'recordingReady') this.add('leg', `recording ${event.name} is ready`, at);
    if (event.type === 'legAnswered')
      this.add('leg', `leg ${event.leg} connected${event.by ? `, by ${WHO[event.by]}` : ''}`, at);
    if (event.type === 'legEnded') {
      const who = event.by === 'remote' ? 'the other party' : 'us';
      this.add('leg', `leg ${event.leg} ended by ${who}, cause ${event.cause}`, at);
    }
  }

  /** Shows where the call is in Temporal's UI; costs no history. */
  at(widget: string, type: string, count: number): void {
    this.add('widget', `${widget} (${type})`);
    setCurrentDetails(`At widget **${widget}** (${type}), number ${count} of this call.`);
  }
}
