import { isTaken, OUTBOUND_CODES, type OutboundCode } from '../outbound/codes.js';
import { acceptOutbound, type OutboundContext } from '../outbound/accept.js';
import { sameText } from '../crypto/same-text.js';
import { storedAccount } from '../calls/stored-account.js';
import { failedAnswer, type FunctionAnswer } from './function-answer.js';
import type { FunctionTask } from '../engine/function-task.js';
import { CALLEES_NUMBER } from '../telephony/start.js';

const NUMBERS = '$flow.syskey.contactNumbers';
/** The furthest that a call may be put off, in minutes: a year. */
const MAX_DELAY_MINUTES = 366 * 24 * 60;

/**
 * Schedules an outbound call of the account. The call gets the `$flow.key` and `$user.key` variables that were passed.
 * Contract F1.
 */
export async function createOutbound(task: FunctionTask, context: OutboundContext): Promise<FunctionAnswer> {
  const { variables, idempotencyKey } = task;
  const input = (name: string) => variables[`$flow.syskey.${name}`]?.trim() ?? '';
  const account = await storedAccount(context.store, task.account.id);
  if (!account) return notStored(task.account.id);
  if (account.securityId === undefined || !sameText(account.securityId, input('securityID'))) return answerOf(202);
  const delay = Number(input('delayMinutes') || '0');
  if (!(delay >= 0 && delay <= MAX_DELAY_MINUTES)) return answerOf(210);
  const numbers = input('contactNumbers')
    .split(',')
    .map((number) => number.trim());
  const passed = Object.entries(variables).filter(([name]) => /^\$(flow|user)\.key\./.test(name));
  const { code, requestId, calls } = await acceptOutbound(context, account, {
    apiVersion: input('apiVersion'),
    flowId: input('flowID'),
    calls: [
      {
        clientIdentifier: input('clientID') || null,
        numbers: numbers.filter((number) => number !== ''),
        startAt: new Date(Date.now() + delay * 60_000),
        variables: Object.fromEntries(passed),
        sensitive: (task.sensitive ?? []).map((name) => (name === NUMBERS ? CALLEES_NUMBER : name)),
      },
    ],
    checksum: null,
    origin: idempotencyKey,
  });
  return answerOf(code, requestId, calls[0]?.uuid);
}

/** A run may bring its account as a document, which places no calls: it ends before they are due. */
function notStored(account: number): FunctionAnswer {
  const detail = `The account ${account} is not in the store, which the calls that are placed are for: create it with POST /v1/accounts.`;
  return failedAnswer('INVALID_REQUEST', detail, { '$flow.key.obdResponseCode': '202' });
}

function answerOf(code: OutboundCode, requestId?: string | null, uuid?: string): FunctionAnswer {
  const outputs = {
    '$flow.key.obdResponseCode': String(code),
    ...(requestId && { '$flow.key.obdReqID': requestId }),
    ...(uuid !== undefined && { '$flow.key.obdPhononUUID': uuid }),
  };
  if (isTaken(code)) return { outputs };
  return failedAnswer('INVALID_REQUEST', `The call was not taken: ${OUTBOUND_CODES[code][1]} (${code}).`, outputs);
}
