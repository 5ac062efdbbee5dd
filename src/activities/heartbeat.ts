/**
 * Heartbeats of the activities that wait: soon enough for a dead worker to be noticed, and no more than a server can take.
 * @module
 */
import type { Info } from '@temporalio/activity';

/** Heartbeats a second of all activities of a worker, as far as their time-outs allow so few: each is a write of the server. */
const A_SECOND = 15;
/** Milliseconds between two heartbeats of an activity, at least. */
const LEAST_MS = 500;
/** How much of its time-out an activity lets pass from one heartbeat to the next, at most. */
const SHARE = 2 / 3;
/** Seconds without a heartbeat after which an activity counts as lost: with few under way, and with any number of them (as B3). */
const TIMEOUT = { least: 3, most: 30 };

/** The part of a context that says how long an activity may be silent; without a time-out it is as with one of 3 s. */
interface Beating {
  info: Partial<Pick<Info, 'heartbeatTimeoutMs'>>;
}

/** How many activities of this process heartbeat. */
let underWay = 0;

/** Milliseconds between the heartbeats of each activity, were there no time-outs. */
const interval = () => (underWay * 1000) / A_SECOND;

/**
 * Seconds without a heartbeat after which an activity of a call that begins now counts as lost: 3 with up to 30 under way
 * in this worker, then as many more as keep all heartbeats together near 15 a second, up to 30.
 */
export function heartbeatTimeout(): number {
  return Math.min(TIMEOUT.most, Math.max(TIMEOUT.least, Math.round(interval() / SHARE / 1000)));
}

/** Heartbeats until the function that it gives is called. The first comes after the interval, so that a fast one costs none. */
export function keepBeating({ info }: Beating, heartbeat: () => void): () => void {
  const most = (info.heartbeatTimeoutMs ?? TIMEOUT.least * 1000) * SHARE;
  let timer: NodeJS.Timeout;
  const again = () => {
    timer = setTimeout(
      () => {
        heartbeat();
        again();
      },
      Math.min(most, Math.max(LEAST_MS, interval())),
    );
  };
  underWay += 1;
  again();
  return () => {
    underWay -= 1;
    clearTimeout(timer);
  };
}
