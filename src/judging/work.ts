/**
 * Carries work out, in whatever thread it is called. A fault in what was given is a result, for no thread could throw it to
 * another as the error that it is. Contract R3-R8, V6.
 * @module
 */
import { mapJson } from '../flow/mapping/map-json.js';
import { mapXml } from '../flow/mapping/map-xml.js';
import { MappingError, type Mapped } from '../flow/mapping/write.js';
import { MAX_TOTAL_BYTES, MAX_VALUE_BYTES } from '../flow/values/variables.js';
import { CharsetError, decodeText } from './charset.js';
import type { Refused, Work, Works } from './judge.js';

/** What became of a piece of work. */
export type Done = { gives: Works[keyof Works]['gives'] } | { refused: Refused };

/** Carries a piece of work out. */
export function carryOut(work: Work): Done {
  try {
    return work.kind === 'text' ? { gives: textIn(work.given) } : withinLimits(mapped(work.given));
  } catch (error) {
    if (error instanceof MappingError) return { refused: { reason: error.reason, detail: error.message } };
    if (error instanceof CharsetError) return { refused: { reason: 'INVALID_RESPONSE', detail: error.message } };
    if (error instanceof RangeError) {
      return { refused: { reason: 'INVALID_RESPONSE', detail: 'The answer is nested too deeply.' } };
    }
    throw error;
  }
}

function textIn({ bytes, charset, cut }: Works['text']['given']): string {
  return decodeText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), charset, cut);
}

function mapped({ text, by, rows }: Works['mapping']['given']): Mapped {
  return by.type === 'json' ? mapJson(text, rows, by.dialect) : mapXml(text, rows, by.namespaces);
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
