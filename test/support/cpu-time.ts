/**
 * Time limits of work that computes, by the processor time of this process: what else the machine does is no fault of the work.
 * @module
 */

/** The seconds of processor time that work took. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return secondsSince(before);
}

/** The seconds of processor time that passed until work was done, here as in the activities that it ran. */
export async function cpuSecondsOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return secondsSince(before);
}

function secondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
