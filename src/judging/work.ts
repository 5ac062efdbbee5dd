/**
 * Carries work out, in whatever thread it is called. A fault in what was given is a result, for no thread could throw it to
 * another as the error that it is. Contract R3-R8, V6.
 * @module
 */
import { type ReadDocument, readDocumentBytes } from '../flow/documents/read-document.js';
import { mapAnswer } from '../flow/mapping/map-answer.js';
import { MappingError, type Mapped } from '../flow/mapping/write.js';
import { type Findings, validateAccount, validateFlow } from '../flow/validation/validate.js';
import { MAX_TOTAL_BYTES, MAX_VALUE_BYTES } from '../flow/values/variables.js';
import { CharsetError, decodeText } from './charset.js';
import type { Refused, Work, Works } from './judge.js';

/** Errors, and warnings, that are listed of one document. */
const MAX_PROBLEMS = 1000;
/** What no document of ours needs, and costs more than its bytes. */
const BODY_LIMITS = { values: 100_000, keys: 10_000, depth: 1000 };

/** What became of a piece of work. */
export type Done = { gives: Works[keyof Works]['gives'] } | { refused: Refused };

/** Carries a piece of work out. */
export function carryOut(work: Work): Done {
  try {
    switch (work.kind) {
      case 'text':
        return { gives: textIn(work.given) };
      case 'mapping':
        return withinLimits(mapped(work.given));
      case 'flow':
        return { gives: first(validateFlow(work.given.document, work.given.account, work.given.origin)) };
      case 'account':
        return { gives: first(validateAccount(work.given.document, work.given.origin)) };
      case 'body':
        return { gives: withoutValue(readDocumentBytes(work.given.bytes, BODY_LIMITS)) };
    }
  } catch (error) {
    if (error instanceof MappingError) return { refused: { reason: error.reason, detail: error.message } };
    if (error instanceof CharsetError) return { refused: { reason: 'INVALID_RESPONSE', detail: error.message } };
    if (error instanceof RangeError) {
      return { refused: { reason: 'INVALID_RESPONSE', detail: 'The answer is nested too deeply.' } };
    }
    throw error;
  }
}

/** The first errors and warnings: a document that is written to keep us busy has tens of thousands. */
function first<T>({ errors, warnings, ...rest }: Findings<T>): Findings<T> {
  return { ...rest, errors: errors.slice(0, MAX_PROBLEMS), warnings: warnings.slice(0, MAX_PROBLEMS) };
}

/** The value is made again where it is used, for that is cheaper than its way there. */
function withoutValue(read: ReadDocument): Works['body']['gives'] {
  return 'fault' in read ? read : { slips: read.slips };
}

function textIn({ bytes, charset, cut }: Works['text']['given']): string {
  return decodeText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), charset, cut);
}

function mapped({ text, by, rows, contract }: Works['mapping']['given']): Mapped {
  return mapAnswer(text, rows, by, contract);
}

/** What no call can hold travels neither between threads nor as an activity's result. Contract V6. */
function withinLimits(mapped: Mapped): Done {
  let total = 0;
  for (const [name, value] of mapped.rows) {
    const size = value === null ? 0 : Buffer.byteLength(value);
    total += size;
    if (size > MAX_VALUE_BYTES) return overLimit(`${name} would hold more than 64 KiB.`);
  }
  if (total <= MAX_TOTAL_BYTES) return { gives: mapped };
  return overLimit('The values of the answer are more than 1 MiB together.');
}

function overLimit(detail: string): Done {
  return { refused: { reason: 'VARIABLE_LIMIT', detail } };
}
