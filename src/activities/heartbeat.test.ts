import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { heartbeatTimeout, keepBeating } from './heartbeat.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Begins an activity as a call that was opened now would, and notes when it heartbeats. */
function begin() {
  const timeoutMs = heartbeatTimeout() * 1000;
  const beats = [Date.now()];
  const stop = keepBeating({ info: { heartbeatTimeoutMs: timeoutMs } }, () => beats.push(Date.now()));
  return { timeoutMs, beats, stop };
}

describe('H4: heartbeats', () => {
  it('H4: alone, a request counts as lost after 3 s, and heartbeats each half second', async () => {
    const { timeoutMs, beats, stop } = begin();
    await vi.advanceTimersByTimeAsync(5000);
    stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(timeoutMs).toBe(3000);
    expect(beats).toHaveLength(11);
  });

  it('H4: 500 that begin one after the other send fewer each, and no heartbeat comes later than its time-out bears', async () => {
    const activities = [];
    for (let n = 0; n < 500; n++) {
      activities.push(begin());
      await vi.advanceTimersByTimeAsync(100);
    }
    const full = Date.now();
    await vi.advanceTimersByTimeAsync(60_000);
    for (const { stop } of activities) stop();
    const aSecond = activities.flatMap(({ beats }) => beats.filter((at) => at > full)).length / 60;
    // Each two seconds, as far as time-outs of 3 s would let them, it would be 250.
    expect(aSecond).toBeLessThan(100);
    for (const { beats, timeoutMs } of activities) {
      const gaps = beats.slice(1).map((at, n) => at - (beats[n] ?? 0));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(timeoutMs * 0.7);
    }
    expect(activities.at(-1)?.timeoutMs).toBe(30_000);
    expect(begin().timeoutMs).toBe(3000);
  });
});
