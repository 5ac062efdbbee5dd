/**
 * Waiting for Ctrl-C.
 * @module
 */

/**
 * Resolves at the first SIGINT or SIGTERM, or when nobody reads standard output any longer, as after `| head`; a second
 * signal ends the process at once.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    if (process.stdout.errored) resolve();
    process.stdout.once('error', () => resolve());
  });
}
