/**
 * What goes wrong, and when.
 * @module
 */
import { type Random, shuffled } from './random.js';

/** Processes that are killed: a worker, the Temporal server, or both at once. */
export type Kill = 'worker' | 'server' | 'both';
/** What happens to the network: a worker loses the server, or all workers the target; or the way there is slow. */
export type NetworkFault = 'server cut' | 'server slow' | 'target cut' | 'target slow';

/** One thing that goes wrong. */
export interface Fault {
  /** Milliseconds after the first call. */
  at: number;
  what: Kill | NetworkFault;
  /** Which of the two workers it concerns, if one. */
  worker: 0 | 1;
  /** Milliseconds that it lasts: a server that was killed stays away, a network that was cut is healed. */
  ms: number;
}

const KILLS: readonly Kill[] = ['worker', 'worker', 'worker', 'server', 'both'];
const NETWORK: readonly NetworkFault[] = ['server cut', 'server slow', 'target cut', 'target slow'];

/**
 * Spreads the kills over the time of the run, each in a slot of its own, at a random moment of the slot's first half. A fault
 * of the network follows late in every other slot, when the calls have recovered, so that recovery can be told apart.
 */
export function planFaults(kills: number, durationMs: number, random: Random): Fault[] {
  const slot = durationMs / kills;
  const faults: Fault[] = [];
  let [killKinds, networkKinds]: [Kill[], NetworkFault[]] = [[], []];
  for (let n = 0; n < kills; n++) {
    if (killKinds.length === 0) killKinds = shuffled(KILLS, random);
    if (networkKinds.length === 0) networkKinds = shuffled(NETWORK, random);
    const fault = (from: number, to: number, what: Fault['what'] | undefined, ms: number) => {
      const worker = random(0, 1) < 0.5 ? 0 : 1;
      if (what) faults.push({ at: (n + random(from, to)) * slot, what, worker, ms });
    };
    fault(0.1, 0.5, killKinds.pop(), random(100, 1500));
    if (n % 2 === 1) fault(0.75, 0.95, networkKinds.pop(), random(500, 2500));
  }
  return faults;
}
