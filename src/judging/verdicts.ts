/**
 * How much a piece of work may take, and what the author of the flow reads when it would take more. Contract R3, R8.
 * @module
 */
import type { Refused, Work } from './judge.js';

/** Milliseconds that a thread may take over a piece of work. */
export const LIMIT_MS = 500;
/** MiB of heap that a thread may have. */
export const LIMIT_MIB = 256;
/** Milliseconds of threads in a minute, after which an account waits behind others. */
export const ACCOUNT_MS = 10_000;
/** Milliseconds of threads in a minute, after which a call gets none. */
export const CALL_MS = 5000;

const ADVICE = {
  text: 'Let the target answer in UTF-8.',
  mapping: 'Ask for a smaller answer, or name each step of a path in place of "..", "//" and filters.',
};

/** The answer was given up after {@link LIMIT_MS}. */
export function overTime(work: Work): Refused {
  return because(work, `Reading the answer was given up after ${LIMIT_MS} ms.`);
}

/** The answer was given up at {@link LIMIT_MIB}. */
export function overMemory(work: Work): Refused {
  return because(work, `Reading the answer was given up, because it took more than ${LIMIT_MIB} MiB of memory.`);
}

/** A visit of the widget before was given up. */
export function overBefore(work: Work): Refused {
  return because(
    work,
    'The answer was not read, because reading an earlier one of this widget in this call was given up.',
  );
}

/** The call has used its time. */
export function callOver(work: Work): Refused {
  return because(
    work,
    `The answer was not read, because reading answers took this call ${CALL_MS / 1000} s of a minute.`,
  );
}

function because(work: Work, what: string): Refused {
  return {
    reason: work.kind === 'text' ? 'INVALID_RESPONSE' : 'INVALID_RESPONSE_MAP',
    detail: `${what} ${ADVICE[work.kind]}`,
  };
}

/** The wait was over before a thread was free. */
export const NO_TURN: Refused = {
  reason: 'TIMEOUT',
  detail: 'The answer was there, but too many others waited to be read before it: it was not read within the wait.',
};

/** The account has too many bytes waiting. */
export const TOO_MUCH_WAITS: Refused = {
  reason: 'INVALID_RESPONSE',
  detail:
    'The answer was not read, because too many large answers of this account wait to be read. Ask for less at once.',
};
