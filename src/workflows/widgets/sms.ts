import type { WebhookOutcome } from '../../engine/webhook-task.js';
import { checkSms, smsRequest } from '../../flow/messages/sms-request.js';
import { TemplateError } from '../../flow/values/fill.js';
import { RESULT_VARIABLES } from '../../flow/values/webhook-result.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { type Asked, described, failedOutcome, host, idempotencyKey, request } from '../requests/webhook-request.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';
import { logOutcome } from '../telling/call-log.js';
import { withinBudget, writeResult } from '../requests/asking.js';

type Sms = WidgetOf<'sms'>;

/** Seconds for the provider to take the message, repeats included. */
const TIMEOUT = 30;
/** Attempts in all: sending again is safe, for the provider knows the message by its key. Contract H4, W8. */
const ATTEMPTS = 3;

/** Sends a text message by the account's provider. Neither a hang-up nor a leg that is gone stops it. Contract R1, R2, H4, H5. */
export const sms: WidgetRun<Sms> = async (widget, call) => {
  call.write(RESULT_VARIABLES.map((name) => [name, null] as const));
  call.endHold();
  const outcome = writeResult(await send(widget, call), widget, call);
  call.note('webhook', `sms: ${described(outcome)}`);
  logOutcome(call, outcome);
  return outcome.line;
};

async function send(widget: Sms, call: WidgetContext): Promise<WebhookOutcome> {
  const { account, lookup } = call.state;
  const provider = account.sms;
  if (!provider) return failedOutcome('INVALID_REQUEST', 'The account has no "sms".', 0, 0);
  try {
    checkSms(widget, provider.from, lookup);
  } catch (error) {
    if (error instanceof TemplateError) return failedOutcome(error.reason, error.message, 0, 0);
    throw error;
  }
  const asked: Asked = {
    request: smsRequest(widget, provider, idempotencyKey(call)),
    response: { type: 'none' },
    retry: { attempts: ATTEMPTS, resend: true },
    wait: { enabled: true },
  };
  call.note('webhook', `sms to the provider at ${host(asked)}: sent`);
  return withinBudget(call, TIMEOUT, (timeout) => request(asked, call, timeout, 'sms'));
}
