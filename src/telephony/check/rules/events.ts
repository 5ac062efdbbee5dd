/**
 * Rules of every event, looked for in all calls that the kit has made. Contract B2.
 * @module
 */
import type { SeenEvent } from '../exchange.js';
import { claim, fieldsOf, describeEvents } from '../claims.js';
import type { Rule } from '../rule.js';
import { collecting, type TestCall } from '../test-call.js';
import { isCause } from './ends.js';

const ISO_8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/;

const isText = (value: unknown) => typeof value === 'string' && value !== '';

/** What each event must have beside the fields of all. */
const SHAPES: Record<string, (event: Record<string, unknown>) => boolean> = {
  legRinging: () => true,
  legAnswered: () => true,
  legEnded: ({ cause, by }) => isCause(cause) && (by === 'remote' || by === 'us'),
  digits: ({ digits }) => isText(digits),
  recordingReady: ({ name, url }) => isText(name) && isText(url),
};

function observed(id: string, title: string, judge: (call: TestCall) => void): Rule {
  return { id, title, section: 'Events', needs: ['answers'], judge, check: ordinaryCall };
}

/** The rules of this file. */
export const events: Rule[] = [
  observed('leg-ended-once', 'Each leg that was there ends with exactly one legEnded', (call) => {
    for (const [leg, of] of byLeg(call)) {
      const ended = of.filter(({ event }) => event.type === 'legEnded');
      const expected = call.answered.has(leg) ? ended.length === 1 : ended.length <= 1;
      claim(expected, `one legEnded of leg "${leg}"`, describeEvents(ended));
    }
    for (const leg of call.answered) claim(byLeg(call).has(leg), `one legEnded of leg "${leg}"`, 'no event of the leg');
  }),
  observed('event-shape', 'Each event has an id, a `seq`, its leg, a known type and the fields of it', (call) => {
    const wrong = call.log.raw.filter(({ event }) => !isWellFormed(event));
    claim(wrong.length === 0, 'events with the fields of the reference', describeEvents(wrong));
  }),
  observed('event-ids-unique', 'No two events of a call have the same `eventId`', (call) => {
    const all = call.log.events();
    const doubled = all.filter(({ event }) => all.filter((other) => other.event.eventId === event.eventId).length > 1);
    claim(doubled.length === 0, 'an eventId of its own for each event', describeEvents(doubled));
  }),
  observed('event-seq', 'The events of a leg have the `seq` 1, 2, 3, ...', (call) => {
    for (const of of byLeg(call).values()) {
      const numbers = of.map(({ event }) => Number(event.seq)).sort((a, b) => a - b);
      const counted = numbers.every((number, index) => number === index + 1);
      claim(counted, 'the seq 1, 2, 3, ... on each leg', describeEvents(of));
    }
  }),
  observed('event-times', 'Each time is ISO 8601 with its time zone', (call) => {
    const wrong = call.log.events().filter(({ event }) => !isTime(event.at));
    claim(wrong.length === 0, 'events whose `at` is ISO 8601', describeEvents(wrong));
    for (const outcome of call.log.outcomes) {
      const { at } = fieldsOf(outcome);
      claim(at === undefined || isTime(at), 'results whose `at`, if there is one, is ISO 8601', String(at));
    }
  }),
];

/** A call with events of every kind of end: enough to judge by when no other rule is checked. */
async function ordinaryCall(call: TestCall): Promise<void> {
  await call.reach('answers');
  await call.obey('collect', collecting(1));
  await call.obey('hangUp', { cause: 16 });
}

function byLeg(call: TestCall): Map<string, SeenEvent[]> {
  const legs = new Map<string, SeenEvent[]>();
  for (const seen of call.log.events()) {
    const leg = String(seen.event.leg);
    legs.set(leg, [...(legs.get(leg) ?? []), seen]);
  }
  return legs;
}

function isWellFormed(event: Record<string, unknown>): boolean {
  const { eventId, seq, leg, type } = event;
  const shape = typeof type === 'string' && Object.hasOwn(SHAPES, type) ? SHAPES[type] : undefined;
  return isText(eventId) && Number.isSafeInteger(seq) && isText(leg) && shape?.(event) === true;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && ISO_8601.test(value) && !Number.isNaN(Date.parse(value));
}
