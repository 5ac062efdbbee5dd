/**
 * A call that ended as spans: the call, and below it each execution of a widget.
 * @module
 */
import type { TracedCall, TracedWidget } from '../engine/traced-call.js';
import { spanIdOf, traceIdOf } from './trace-ids.js';
import type { Span } from './span.js';

/** The spans of a call, that of the call itself when it has ended. @param id its workflow id */
export function callSpans(id: string, call: TracedCall): Span[] {
  const traceId = traceIdOf(id);
  const { account, flow, flowVersion, outcome, code, start, end, widgets } = call;
  const root = spanIdOf(id);
  const ended: Span[] =
    outcome === null
      ? []
      : [
          {
            ...{ name: 'call', kind: 'internal', traceId, spanId: root, parentId: null, start, end, error: code },
            attributes: {
              ...{
                'hookline.call': id,
                'hookline.account': account,
                'hookline.flow': flow,
                'hookline.outcome': outcome,
              },
              ...(flowVersion !== null && { 'hookline.flow.version': flowVersion }),
            },
          },
        ];
  const idOf = ({ widget, visit }: TracedWidget) => spanIdOf(`${id}/${widget}/${visit}`);
  const spans = widgets.flatMap((one): Span[] => {
    if (one.end === null) return [];
    const around = one.within === null ? undefined : widgets[one.within];
    return [
      {
        ...{ name: `widget ${one.type}`, kind: 'internal', traceId, spanId: idOf(one) },
        ...{ parentId: around ? idOf(around) : root, start: one.start, end: one.end },
        error: one.line === 'failure' ? 'failure' : null,
        attributes: {
          ...{ 'hookline.call': id, 'hookline.widget': one.widget, 'hookline.visit': one.visit },
          ...(one.line !== null && { 'hookline.line': one.line }),
        },
      },
    ];
  });
  return [...ended, ...spans];
}
