/**
 * Heartbeats of the activities that wait: soon enough for a dead worker to be noticed, and no more than a server can take.
 * @module
 */

/** Milliseconds between heartbeats, at least and at most; the time-outs of activities are 3 s and more. */
const EVERY = { least: 500, most: 2000 };
/** Heartbeats a second of all activities of a worker, as far as the most lets them: each is a write of the server. */
const A_SECOND = 200;

/** How many activities of this process heartbeat. */
let underWay = 0;

/** Heartbeats until the function that it gives is called. The first comes after the interval, so that a fast one costs none. */
export function keepBeating(heartbeat: () => void): () => void {
  let timer: NodeJS.Timeout;
  const again = () => {
    const interval = Math.min(EVERY.most, Math.max(EVERY.least, (underWay * 1000) / A_SECOND));
    timer = setTimeout(() => {
      heartbeat();
      again();
    }, interval);
  };
  underWay += 1;
  again();
  return () => {
    underWay -= 1;
    clearTimeout(timer);
  };
}
