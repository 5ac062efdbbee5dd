/**
 * Work done in the thread that asks, within the same time: for tests of flows, where time is skipped meanwhile, and for
 * recorded answers.
 * @module
 */
import { type Judge, Refusal, type Work } from './judge.js';
import { isQuick } from './quick.js';
import { limitOf, overTime } from './verdicts.js';
import { TimeLimitError, withinTime } from './watchdog.js';
import { type Done, carryOut } from './work.js';

/** Does work at once. It holds up its thread for as long as work may take, so no worker or API uses it. */
export const judgeHere: Judge = async (kind, given) => {
  const work = { kind, given } as Work;
  const done = isQuick(work) ? carryOut(work) : carriedOut(work);
  if ('refused' in done) throw new Refusal(done.refused);
  return done.gives;
};

function carriedOut(work: Work): Done {
  try {
    return withinTime(limitOf(work), () => carryOut(work));
  } catch (error) {
    if (error instanceof TimeLimitError) return { refused: overTime(work) };
    throw error;
  }
}
