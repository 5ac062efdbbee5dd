/**
 * What a webhook's outcome writes into the result variables. Contract R2.
 * @module
 */
import type { Assignment } from './variables.js';

/** The parts of an outcome that the result variables tell. */
export interface WebhookResult {
  line: 'success' | 'failure';
  statusCode?: number;
  duration: number;
  raw?: string | undefined;
  truncated: boolean;
  age?: number;
  stale?: boolean;
  reason?: string;
  detail?: string;
}

/** The result variables, cleared when a webhook is entered. Contract R2. */
export const RESULT_VARIABLES = [
  'response_status',
  'response_status_code',
  'response_status_type',
  'response_duration',
  'response_raw',
  'response_error',
  'error_reason',
  'error_detail',
  'response_truncated',
  'response_stale',
  'response_age',
].map((name) => `$flow.key.${name}`);

const STATUS_TYPES = ['INFORMATIONAL', 'SUCCESSFUL', 'REDIRECTION', 'CLIENT_ERROR', 'SERVER_ERROR'];

/** The result variables in R2's order; null makes one absent. */
export function resultAssignments(result: WebhookResult): Assignment[] {
  const failed = result.line === 'failure';
  const type = result.statusCode === undefined ? undefined : STATUS_TYPES[Math.floor(result.statusCode / 100) - 1];
  const values = {
    response_status: failed ? 'FAILED' : 'SUCCESS',
    response_status_code: result.statusCode?.toString(),
    response_status_type: type,
    response_duration: result.duration.toString(),
    response_raw: result.raw,
    response_error: String(failed),
    error_reason: result.reason,
    error_detail: result.detail,
    response_truncated: result.truncated ? 'true' : undefined,
    response_stale: result.stale ? 'true' : undefined,
    response_age: result.age?.toString(),
  };
  return Object.entries(values).map(([name, value]) => [`$flow.key.${name}`, value ?? null]);
}
