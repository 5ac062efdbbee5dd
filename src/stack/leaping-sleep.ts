/**
 * Sleeping on a time-skipping server. Contract D6.
 * @module
 */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Sleep } from '../telephony/simulator/clock.js';

/**
 * A sleep during which the server's time leaps. The server counts locks: an activity or a workflow task under way adds
 * one, a sleep takes one, and time leaps while none is left. One taken too many fails whatever the server does next, and
 * time stands still for ever. So a sleep takes the lock of a command that is under way, and without one it brings its
 * own; and when it is given up, which the server does not notice, another lock stands in for it until it is over.
 * @param underWay the number of commands under way
 */
export function leapingSleep(env: TestWorkflowEnvironment, underWay: () => number): Sleep {
  const { testService } = env.connection;
  if (!testService) throw new TypeError('This is no time-skipping server.');
  const lock = () => testService.lockTimeSkipping({});
  const unlock = () => testService.unlockTimeSkipping({});
  return async (ms, signal) => {
    const bringsLock = underWay() === 0;
    if (bringsLock) await lock();
    const over = signal.aborted ? Promise.resolve() : env.sleep(ms);
    let standsIn: Promise<unknown> | undefined;
    const givenUp = () => {
      standsIn = lock();
    };
    signal.addEventListener('abort', givenUp, { once: true });
    try {
      await over;
    } finally {
      signal.removeEventListener('abort', givenUp);
      if (standsIn) await standsIn.then(() => unlock());
      if (bringsLock) await unlock();
    }
  };
}
