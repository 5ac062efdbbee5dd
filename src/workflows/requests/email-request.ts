/**
 * One email as an activity, and what its loss means. Contract R3.
 * @module
 */
import { ActivityFailure, TimeoutFailure, proxyActivities } from '@temporalio/workflow';
import type { EmailOutcome } from '../../engine/email-task.js';
import type { Activities } from '../../activities/index.js';
import type { Account } from '../../flow/documents/account.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { failedOutcome, idempotencyKey, needs } from './webhook-request.js';
import type { WidgetContext } from '../widget-context.js';

/** Beyond the wait: time for the activity to tell of the time-out itself. */
const SLACK_MS = 5000;

const { sendEmail } = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  // As for webhooks: with heartbeats each 2 s at least a worker that died is noticed within 3 s.
  heartbeatTimeout: '3 seconds',
  cancellationType: 'TRY_CANCEL',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '1 second' },
});

/** Sends the widget's email; whatever the mail server does is an outcome. `timeout` is in seconds. */
export async function deliver(
  { to, cc, subject, text, html }: WidgetOf<'email'>,
  smtp: NonNullable<Account['smtp']>,
  call: WidgetContext,
  timeout: number,
): Promise<EmailOutcome> {
  const email = { to, cc, subject, text, html };
  const { variables } = needs(email, call);
  const { rules } = needs(smtp.auth, call);
  const task = { idempotencyKey: idempotencyKey(call), email, smtp, timeout, waited: true, variables, rules };
  // No address and no subject: summaries are read by everybody (C6).
  const options = { summary: `email ${call.key}`, scheduleToCloseTimeout: timeout * 1000 + SLACK_MS };
  try {
    return await sendEmail.executeWithOptions(options, [task]);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || !(error.cause instanceof TimeoutFailure)) throw error;
    return failedOutcome(
      'TIMEOUT',
      `The email was not taken within ${timeout} seconds. It may have been sent.`,
      timeout,
      0,
    );
  }
}
