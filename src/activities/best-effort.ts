/**
 * What must hold nothing up: the store is asked, and when it does not answer, the caller continues without it.
 * @module
 */

/** Milliseconds that are waited for an answer. */
const PATIENCE_MS = 1000;

/** The answer; `otherwise` when it fails or is not there in time. */
export async function bestEffort<T>(work: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
