import { rowsOf } from '../../flow/values/response-rows.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { ask } from '../requests/asking.js';
import { host, request } from '../requests/webhook-request.js';
import type { WidgetRun } from '../widget-context.js';

/** Calls an external API; line 0 is `success`, line 1 `failure`. Contract W, R, H. */
export const webhook: WidgetRun<WidgetOf<'webhook'>> = (widget, call) => {
  const { response, wait, persist } = widget;
  const rows = rowsOf(response);
  const what = `${widget.request.method} ${host(widget)}`;
  return ask({ what, wait, persist, rows }, call, () => (timeout) => request(widget, call, timeout));
};
