/**
 * The activity `sendEmail`: one email of a flow, with its retries, as Temporal runs it. Contract R, W3, W11, H4.
 *
 * The promise is at least once: an email whose worker died is sent again, with the same Message-ID.
 * @module
 */
import { Context } from '@temporalio/activity';
import { observe } from '../observability/record-metric.js';
import { remainingOf, sending } from './sending.js';
import { SecretReader, type SecretSource } from '../http/secret-reader.js';
import type { EmailTask } from '../engine/email-task.js';
import type { RequestOutcome } from '../engine/webhook-task.js';

/** What a deployment decides about mail servers. */
export interface EmailOptions {
  /** Whether accounts may exempt mail servers from W11 by their `targetAllowList`. Default true. */
  accountTargetLists?: boolean;
  /** Certificates of authorities (PEM) that are trusted instead of the system's. */
  ca?: string;
  /** Gives the values of secrets; default: this process, without a store. */
  secrets?: SecretSource;
}

/** The email activity of a worker. */
export function createSendEmail({ accountTargetLists = true, ca, secrets = new SecretReader() }: EmailOptions = {}) {
  return async function sendEmail(task: EmailTask): Promise<RequestOutcome> {
    const context = Context.current();
    const targetAllowList = accountTargetLists ? task.rules.targetAllowList : [];
    // The mail library is loaded with the first email: most workers send none, and all start sooner.
    const { runEmail } = await import('../email/run-email.js');
    const start = performance.now();
    const outcome = await sending(context, 'email', (progress, signal) =>
      runEmail(task, { remaining: remainingOf(task, context), progress, signal, targetAllowList, ca, secrets }),
    );
    const seconds = (performance.now() - start) / 1000;
    observe(context.metricMeter, 'hookline_email_seconds', seconds, { reason: outcome.reason ?? 'none' });
    return outcome;
  };
}
