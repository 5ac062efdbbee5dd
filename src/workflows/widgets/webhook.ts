import { rowsOf } from '../../flow/values/response-rows.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { undoKey } from '../../engine/undo-task.js';
import { ask } from '../requests/asking.js';
import { failedOutcome } from '../requests/outcome.js';
import { idempotencyKey, needs } from '../requests/perform.js';
import { host, request } from '../requests/webhook-request.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

type Webhook = WidgetOf<'webhook'>;

/** Calls an external API; line 0 is `success`, line 1 `failure`. Contract W, R, H. */
export const webhook: WidgetRun<Webhook> = (widget, call) => {
  const { response, wait, persist, undo } = widget;
  const rows = rowsOf(response);
  const what = `${widget.request.method} ${host(widget)}`;
  return ask({ what, wait, persist, rows }, call, () => {
    if (!undo) return (timeout) => request(widget, call, timeout);
    const declared = declaredBy(undo, call);
    if (!call.state.undos.hasRoomFor(declared)) return failedOutcome('VARIABLE_LIMIT', NO_ROOM);
    return async (timeout) => {
      const watch = call.state.undos.declare(declared, rows);
      try {
        const outcome = await request(widget, call, timeout);
        watch.answered(outcome);
        return outcome;
      } catch (error) {
        watch.cut();
        throw error;
      }
    };
  });
};

const NO_ROOM =
  'The undo requests of the call hold more than 512 KiB, so nothing was sent that could not be taken back.';

/** What would take it back, with the values of this moment. Contract H10. */
function declaredBy({ request, on, unknown }: NonNullable<Webhook['undo']>, call: WidgetContext) {
  const { key: widget, visit } = call;
  return {
    widget,
    visit,
    idempotencyKey: undoKey(idempotencyKey(call)),
    request,
    on,
    unknown,
    ...needs(request, call),
  };
}
