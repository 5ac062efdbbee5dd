/**
 * A document that comes in as text, from a file or in a request: the one reading of it. Contract D1.
 * @module
 */
import type { Problem } from '../errors.js';
import { JsonFault, type JsonLimits, JsonTooLarge, scanJson } from './json-scan.js';
import { NotUtf8, placeIn, textOf } from './text-place.js';

/**
 * The value of a text with its `slips`: what a reader of JSON would pass over in silence (DUPLICATE_KEY, INEXACT_NUMBER).
 * Or the `fault` for which there is no value (INVALID_ENCODING, INVALID_JSON; DOCUMENT_TOO_LARGE over the limits of the reader).
 */
export type ReadDocument = { value: unknown; slips: Problem[] } | { fault: Problem };

/** Reads the bytes of a document: JSON in UTF-8, a byte order mark dropped. Contract D1. */
export function readDocumentBytes(bytes: Uint8Array, limits?: JsonLimits): ReadDocument {
  try {
    return readDocumentText(textOf(bytes), limits);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    return { fault: fault('INVALID_ENCODING', `This is not UTF-8: ${error.place}. Save the document in UTF-8.`) };
  }
}

/** Reads a document that is a text already. Contract D1. */
export function readDocumentText(text: string, limits?: JsonLimits): ReadDocument {
  const json = text.replace(/^\uFEFF/, '');
  if (json.trim() === '') return { fault: fault('INVALID_JSON', 'The document is empty: line 1, column 1.') };
  try {
    const slips = scanJson(json, limits);
    return { value: JSON.parse(json) as unknown, slips };
  } catch (error) {
    if (error instanceof JsonTooLarge) return { fault: fault('DOCUMENT_TOO_LARGE', error.message) };
    if (!(error instanceof JsonFault)) throw error;
    return { fault: fault('INVALID_JSON', `This is no JSON: ${placeIn(json, error.at)}. ${error.message}.`) };
  }
}

function fault(code: 'INVALID_ENCODING' | 'INVALID_JSON' | 'DOCUMENT_TOO_LARGE', message: string): Problem {
  return { code, pointer: '', message };
}
