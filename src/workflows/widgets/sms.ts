import type { RequestOutcome } from '../../engine/webhook-task.js';
import { checkSms, smsRequest } from '../../flow/messages/sms-request.js';
import { TemplateError, withEmptyDefaults } from '../../flow/values/fill.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { MESSAGE_WAIT, ask } from '../requests/asking.js';
import { failedOutcome } from '../requests/outcome.js';
import { idempotencyKey } from '../requests/perform.js';
import { type Asked, host, request } from '../requests/webhook-request.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

type Sms = WidgetOf<'sms'>;

/** Attempts in all: sending again is safe, because the provider knows the message by its key. Contract H4, W8. */
const RETRY = { attempts: 3, resend: true };

/** Sends a text message by the account's provider. Neither a hang-up nor a leg that is gone stops it. Contract R1, R2, H4, H5. */
export const sms: WidgetRun<Sms> = (written, call) => {
  const widget = written.onMissing === 'empty' ? { ...written, text: withEmptyDefaults(written.text) } : written;
  const provider = call.state.account.sms;
  if (!provider) return ask({ what: 'sms', wait: MESSAGE_WAIT, persist: widget.persist }, call, noProvider);
  const asked: Asked = {
    request: smsRequest(widget, provider, idempotencyKey(call)),
    response: { type: 'none' },
    settledBy: 'status',
    retry: RETRY,
    wait: MESSAGE_WAIT,
  };
  const to = `the provider at ${host(asked)}`;
  return ask(
    { what: 'sms', to, wait: MESSAGE_WAIT, persist: widget.persist },
    call,
    () => faultOf(widget, provider.from, call) ?? ((timeout) => request(asked, call, timeout, 'sms')),
  );
};

const noProvider = () => failedOutcome('INVALID_REQUEST', 'The account has no "sms".');

/** What is wrong with the message before it is sent; undefined when nothing is. */
function faultOf(widget: Sms, from: string | undefined, call: WidgetContext): RequestOutcome | undefined {
  try {
    checkSms(widget, from, call.state.lookup);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return failedOutcome(error.reason, error.message);
    throw error;
  }
}
