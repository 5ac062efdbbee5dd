/**
 * A limit in time on work that cannot be interrupted otherwise. Contract R3.
 * @module
 */
import { createContext, Script } from 'node:vm';

/** Work that was given up because it took too long. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

const context = createContext({ work: undefined as (() => unknown) | undefined });
const script = new Script('work()');

/**
 * Runs synchronous work, and ends it wherever it stands after `milliseconds`. The work must leave nothing half done
 * that others see: it is stopped between any two of its steps.
 * @throws {TimeLimitError} when the time is over.
 */
export function withinTime<T>(milliseconds: number, work: () => T): T {
  context['work'] = work;
  try {
    return script.runInContext(context, { timeout: milliseconds }) as T;
  } catch (error) {
    // This error is made in the context, so that it is no `Error` of ours.
    if ((error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw new TimeLimitError(`given up after ${milliseconds} ms`);
    }
    throw error;
  } finally {
    context['work'] = undefined;
  }
}
