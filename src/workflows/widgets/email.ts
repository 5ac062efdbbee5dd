import type { EmailOutcome } from '../../engine/email-task.js';
import { emailAssignments } from '../../flow/messages/email-result.js';
import { RESULT_VARIABLES } from '../../flow/values/webhook-result.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { deliver } from '../requests/email-request.js';
import { described, failedOutcome } from '../requests/webhook-request.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';
import { logOutcome } from '../telling/call-log.js';
import { withinBudget } from '../requests/asking.js';

type Email = WidgetOf<'email'>;

/** Seconds for the mail server to take the message, repeats included. */
const TIMEOUT = 30;

/** Sends an email by the account's mail server. Neither a hang-up nor a leg that is gone stops it. Contract R1, R2, H5. */
export const email: WidgetRun<Email> = async (widget, call) => {
  call.write(RESULT_VARIABLES.map((name) => [name, null] as const));
  call.endHold();
  const outcome = await send(widget, call);
  call.write(emailAssignments(outcome), widget.persist);
  call.note('webhook', `email: ${described(outcome)}`);
  logOutcome(call, outcome);
  return outcome.line;
};

async function send(widget: Email, call: WidgetContext): Promise<EmailOutcome> {
  const { smtp } = call.state.account;
  if (!smtp) return failedOutcome('INVALID_REQUEST', 'The account has no "smtp".', 0, 0);
  call.note('webhook', `email to the mail server ${smtp.host}: sent`);
  return withinBudget(call, TIMEOUT, (timeout) => deliver(widget, smtp, call, timeout));
}
