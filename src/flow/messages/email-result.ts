/**
 * What an email's outcome writes into the result variables. Contract R2.
 * @module
 */
import type { Assignment } from '../values/variables.js';
import { resultAssignments, type WebhookResult } from '../values/webhook-result.js';

/** The parts of an email's outcome that the result variables tell. */
export type EmailResult = Pick<WebhookResult, 'line' | 'statusCode' | 'duration' | 'reason' | 'detail'>;

const STATUS_CODE = '$flow.key.response_status_code';

/** As for a webhook, but the code is SMTP's: it has no type of HTTP's, and there is no answer to keep. */
export function emailAssignments({ statusCode, ...result }: EmailResult): Assignment[] {
  const code = statusCode?.toString() ?? null;
  return resultAssignments({ ...result, truncated: false }).map(([name, value]) =>
    name === STATUS_CODE ? [name, code] : [name, value],
  );
}
