/**
 * Answers emails from the script of their test: filled as in a call, and given to no mail server.
 * @module
 */
import type { EmailTask } from '../engine/email-task.js';
import type { RequestOutcome } from '../engine/webhook-task.js';
import { fillEmail } from '../flow/messages/email-content.js';
import type { ScriptedAnswer } from '../flow/documents/flow-test.js';
import { TemplateError } from '../flow/values/fill.js';
import { type AnswerScript, senderOf, statusOf } from './answers.js';

/** What a mail server answers that takes the message. */
const TAKEN = 250;

/** Makes the activity `sendEmail` of a test. A status is SMTP's; none, and HTTP's 200, are 250. */
export function scriptedEmail(scripts: ReadonlyMap<string, AnswerScript>) {
  return async function sendEmail({ idempotencyKey, email, variables }: EmailTask): Promise<RequestOutcome> {
    const common = { duration: 0, attempts: 1, truncated: false, rows: [] };
    try {
      const content = fillEmail(email, (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined));
      const answer = scripts.get(senderOf(idempotencyKey).workflowId)?.email(idempotencyKey, content);
      return { ...common, ...outcomeOf(answer) };
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return { ...common, line: 'failure', reason: error.reason, detail: error.message, attempts: 0 };
    }
  };
}

function outcomeOf(
  answer: ScriptedAnswer | undefined,
): Pick<RequestOutcome, 'line' | 'reason' | 'detail' | 'statusCode'> {
  if (!answer) return { line: 'failure', reason: 'CONNECTION_FAILURE', detail: 'The test has no answer for this.' };
  if (answer.error === 'connection')
    return { line: 'failure', reason: 'CONNECTION_FAILURE', detail: 'As the test says.' };
  if (answer.error === 'timeout') return { line: 'failure', reason: 'TIMEOUT', detail: 'As the test says.' };
  const statusCode = statusOf(answer) === 200 ? TAKEN : statusOf(answer);
  if (statusCode < 300) return { line: 'success', statusCode };
  return {
    line: 'failure',
    reason: statusCode < 500 ? 'SERVER_ERROR' : 'CLIENT_ERROR',
    detail: 'As the test says.',
    statusCode,
  };
}
