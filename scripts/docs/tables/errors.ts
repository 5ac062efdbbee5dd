/**
 * `docs/reference/errors.md` and the reasons of `webhook.md`: the catalogue of errors.
 * @module
 */
import { ERROR_PLACES, type ErrorCode } from '../texts/error-places.js';
import * as catalogue from '../../../src/flow/errors.js';
import { table } from '../table.js';

/** The parts of the catalogue, in the order of the page. */
const PARTS: readonly Readonly<Partial<Record<ErrorCode, string>>>[] = [
  catalogue.DOCUMENT_ERRORS,
  catalogue.DOCUMENT_WARNINGS,
  catalogue.WEBHOOK_REASONS,
  catalogue.CALL_ERRORS,
  catalogue.SYSTEM_ERRORS,
  catalogue.API_ERRORS,
];

/** Every code, where it shows, and what to do. */
export function errorTable(): string {
  const codes = PARTS.flatMap((part) => Object.entries(part) as [ErrorCode, string][]);
  return table(
    ['code', 'where', 'what it means, and what to do'],
    codes.map(([code, text]) => [code, ERROR_PLACES[code], text]),
  );
}

/** Why a webhook takes its failure line. Contract R3. */
export function reasonTable(): string {
  return table(['reason', 'when'], Object.entries(catalogue.WEBHOOK_REASONS));
}
