/**
 * What was wrong with a call while parts were killed, by what its phone heard.
 * @module
 */
import { tonesOf } from './sip/heard.js';
import type { PhoneCall } from './sip/phone-call.js';

/** A time in which something was away (`performance.now()`). */
export interface Away {
  what: string;
  from: number;
  to: number;
}

/** Milliseconds of silence after what was killed is back, at most. */
const SILENCE_MS = 5000;
/** Milliseconds by which a tone may seem longer than it is. */
const SLACK_MS = 400;

/** The faults of a call that was to hear these tones, each once and for so many seconds. */
export function faultsOf(
  call: PhoneCall,
  away: readonly Away[],
  { tones, seconds }: { tones: readonly number[]; seconds: number },
): string[] {
  if (!call.over.isSet) return [`it did not end: ${call.log.join(' ')}`];
  const silence = longestSilence(call, away);
  const heard = tonesOf(call.line.heard, tones);
  const lasting = (hertz: number) =>
    heard.filter(({ what }) => what === hertz).reduce((sum, { from, to }) => sum + to - from, 0);
  return [
    ...(call.log.includes('BYE') ? [] : [`the flow did not hang up: ${call.log.join(' ')}`]),
    ...(silence > SILENCE_MS ? [`${(silence / 1000).toFixed(1)} s of silence`] : []),
    ...tones.flatMap((hertz) => {
      const ms = lasting(hertz);
      if (ms > seconds * 1000 + SLACK_MS) return [`the prompt of ${hertz} Hz was heard twice: ${ms.toFixed(0)} ms`];
      return ms < seconds * 1000 - SLACK_MS ? [`the prompt of ${hertz} Hz was cut: ${ms.toFixed(0)} ms`] : [];
    }),
  ];
}

/** The longest time, in milliseconds, in which nothing was heard though everything was there. */
export function longestSilence({ line }: PhoneCall, away: readonly Away[]): number {
  let longest = 0;
  for (const [index, { at }] of line.heard.entries()) {
    const before = line.heard[index - 1]?.at ?? at;
    const absent = away.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(at, to) - Math.max(before, from)), 0);
    longest = Math.max(longest, at - before - absent);
  }
  return longest;
}
