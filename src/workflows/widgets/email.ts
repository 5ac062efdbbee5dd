import { emailAssignments } from '../../flow/messages/email-result.js';
import { withEmptyDefaults } from '../../flow/values/fill.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { MESSAGE_WAIT, ask } from '../requests/asking.js';
import { failedOutcome } from '../requests/outcome.js';
import { idempotencyKey, needs, perform, requests } from '../requests/perform.js';
import type { WidgetRun } from '../widget-context.js';

/** Sends an email by the account's mail server. Neither a hang-up nor a leg that is gone stops it. Contract R1, R2, H5. */
export const email: WidgetRun<WidgetOf<'email'>> = (widget, call) => {
  const { smtp } = call.state.account;
  const { to, cc, persist } = widget;
  const filled = widget.onMissing === 'empty' ? withEmptyDefaults : (template: string) => template;
  const asking = { what: 'email', wait: MESSAGE_WAIT, persist, assignments: emailAssignments };
  if (!smtp) return ask(asking, call, () => failedOutcome('INVALID_REQUEST', 'The account has no "smtp".'));
  const html = widget.html === undefined ? undefined : filled(widget.html);
  const fields = { to, cc, subject: filled(widget.subject), text: filled(widget.text), html };
  return ask({ ...asking, to: `the mail server ${smtp.host}` }, call, () => (timeout) => {
    const { variables, sensitive } = needs(fields, call);
    const { rules } = needs(smtp.auth, call);
    const values = { variables, ...(sensitive && { sensitive }) };
    return perform(call, {
      activity: requests.sendEmail,
      task: { idempotencyKey: idempotencyKey(call), email: fields, smtp, timeout, waited: true, ...values, rules },
      summary: `email ${call.key}`,
      timeout,
      lost: `The email was not taken within ${timeout} seconds. It may have been sent.`,
    });
  });
};
