/**
 * Why a party that was dialled did not answer, by the Q.850 cause that Asterisk reports. Contract B4.
 * @module
 */
import { CAUSE } from '../../causes.js';
import type { BridgeErrorType } from '../../commands.js';

/**
 * The error of a cause. Nobody who answers in time has cause 19, and so has a phone that is not registered: only one that rang has
 * been there.
 */
export function refusalOf(cause: number, rang: boolean): BridgeErrorType {
  if (cause === CAUSE.userBusy) return 'BUSY';
  if (cause === CAUSE.rejected) return 'REJECTED';
  return cause === CAUSE.noAnswer && rang ? 'NO_ANSWER' : 'UNREACHABLE';
}
