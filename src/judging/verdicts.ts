/**
 * How much a piece of work may take, and what the author of the flow reads when it would take more. Contract R3, R8.
 * @module
 */
import type { Refused, Work } from './judge.js';

/** Milliseconds that a thread may take over reading an answer. */
export const LIMIT_MS = 500;
/** Milliseconds that a thread may take over a document: a call is lost that is refused for a machine that is busy. */
const DOCUMENT_MS = 2000;
/** MiB of heap that a thread may have. */
export const LIMIT_MIB = 256;
/** Milliseconds of threads in a minute, after which an account waits behind others. */
export const ACCOUNT_MS = 10_000;
/** Milliseconds of threads in a minute, after which a call gets none. */
export const CALL_MS = 5000;

interface Subject {
  reason: Refused['reason'];
  /** What could not be done. */
  reading: string;
  /** What was not done. */
  unread: string;
  advice: string;
}

const ANSWER = { reading: 'Reading the answer', unread: 'The answer was not read' };
const DOCUMENT: Subject = {
  ...{ reason: 'DOCUMENT_TOO_LARGE', reading: 'Checking the document', unread: 'The document was not checked' },
  advice: 'Make it smaller, or mend its first errors.',
};
const SUBJECTS: Record<Work['kind'], Subject> = {
  text: { ...ANSWER, reason: 'INVALID_RESPONSE', advice: 'Let the target answer in UTF-8.' },
  mapping: {
    ...{ ...ANSWER, reason: 'INVALID_RESPONSE_MAP' },
    advice: 'Ask for a smaller answer, or name each step of a path in place of "..", "//" and filters.',
  },
  ...{ flow: DOCUMENT, account: DOCUMENT, body: DOCUMENT },
};

/** Milliseconds that a thread may take over a piece of work. */
export function limitOf({ kind }: Work): number {
  return kind === 'text' || kind === 'mapping' ? LIMIT_MS : DOCUMENT_MS;
}

/** The work was given up after {@link limitOf} it. */
export function overTime(work: Work): Refused {
  return because(work, ({ reading }) => `${reading} was given up after ${limitOf(work)} ms.`);
}

/** The work was given up at {@link LIMIT_MIB}. */
export function overMemory(work: Work): Refused {
  return because(
    work,
    ({ reading }) => `${reading} was given up, because it took more than ${LIMIT_MIB} MiB of memory.`,
  );
}

/** Work for the same widget was given up before. */
export function overBefore(work: Work): Refused {
  return because(work, ({ unread }) => `${unread}, because an earlier one of this widget in this call was given up.`);
}

/** The call has used its time. */
export function callOver(work: Work): Refused {
  return because(
    work,
    ({ unread }) => `${unread}, because such work took ${CALL_MS / 1000} s within a minute already.`,
  );
}

/** The account has too many bytes waiting. */
export function tooMuchWaits(work: Work): Refused {
  return because(
    work,
    ({ unread }) => `${unread}, because too much of this account waits already. Ask for less at once.`,
  );
}

/** The wait was over before a thread was free. */
export function noTurn(work: Work): Refused {
  const { unread } = SUBJECTS[work.kind];
  return { reason: 'TIMEOUT', detail: `${unread} within the wait, because too many others waited before it.` };
}

function because({ kind }: Work, what: (subject: Subject) => string): Refused {
  const subject = SUBJECTS[kind];
  return { reason: subject.reason, detail: `${what(subject)} ${subject.advice}` };
}
