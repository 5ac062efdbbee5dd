/**
 * What validation knows of declared undo: its request, what keeps it, and outcomes after which it would surprise. Contract H10.
 * @module
 */
import type { Account } from '../../documents/account.js';
import type { Problem } from '../../errors.js';
import { lineNames, lineTarget } from '../../lines.js';
import type { Widget, WidgetOf } from '../../widgets/index.js';
import { requestCredentials } from '../literal-credentials.js';
import { suggestion } from '../nearest.js';
import { isObject, pointer } from '../pointer.js';
import { rowWarnings, unsendable } from '../sendable.js';
import {
  accountFaults,
  bodyErrors,
  credentialWarnings,
  requestSecretFaults,
  tlsErrors,
  urlErrors,
} from './webhooks.js';

type Widgets = Readonly<Record<string, Widget>>;
type Path = readonly PropertyKey[];

/** What is found in the undo request of a webhook, as in its own. */
export function undoFindings({ undo }: WidgetOf<'webhook'>, account: Account, path: Path) {
  const place = [...path, 'undo', 'request'];
  if (!undo) return { errors: [], faults: [], warnings: [] };
  const { request } = undo;
  return {
    errors: [
      ...bodyErrors(request, place),
      ...urlErrors(request.url, place),
      ...tlsErrors(request, [...path, 'undo']),
      ...unsendable(request, place),
    ],
    faults: [
      ...accountFaults(request.url, request.auth, account, place),
      ...requestSecretFaults(request, account, place),
    ],
    warnings: [
      ...credentialWarnings(request.auth, place),
      ...requestCredentials(request, place),
      ...rowWarnings(request, place),
    ],
  };
}

/** `keep` widgets that keep what is never taken back. @param written all widgets, also those with faults of shape */
export function keepErrors(widgets: Widgets, written: unknown): Problem[] {
  const known = isObject(written) ? Object.keys(written) : [];
  return keeping(widgets).flatMap(([key, { of = [] }]) =>
    of.flatMap((kept, index): Problem[] => {
      const place = pointer('widgets', key, 'of', index);
      if (!known.includes(kept)) {
        const message = `There is no widget "${kept}".${suggestion(kept, known)}`;
        return [{ code: 'UNKNOWN_WIDGET', pointer: place, message }];
      }
      const widget = Object.hasOwn(widgets, kept) ? widgets[kept] : undefined;
      if (!widget || (widget.type === 'webhook' && widget.undo)) return [];
      return [{ code: 'INVALID_VALUE', pointer: place, message: `"${kept}" is no webhook with "undo".` }];
    }),
  );
}

/** Webhooks that a caller who hangs up content would have taken back: no `keep` can follow their success. */
export function undoWarnings(widgets: Widgets): Problem[] {
  return Object.entries(widgets).flatMap(([key, widget]): Problem[] => {
    if (widget.type !== 'webhook' || !widget.undo?.on.includes('hungUp') || isKept(widgets, key, widget)) return [];
    const message = 'A caller who hangs up takes this back, and no "keep" can follow on the line "success".';
    return [{ code: 'UNDO_WITHOUT_KEEP', pointer: pointer('widgets', key, 'undo', 'on'), message }];
  });
}

function keeping(widgets: Widgets): [key: string, widget: WidgetOf<'keep'>][] {
  return Object.entries(widgets).flatMap(([key, widget]) => (widget.type === 'keep' ? [[key, widget]] : []));
}

/** Whether a `keep` can follow, or a subflow, which may hold one. */
function isKept(widgets: Widgets, undone: string, { lines }: WidgetOf<'webhook'>): boolean {
  const reached = new Set<string>();
  const queue = [lines.success];
  for (let key = queue.pop(); key !== undefined || queue.length > 0; key = queue.pop()) {
    if (key === undefined || reached.has(key)) continue;
    reached.add(key);
    const widget = Object.hasOwn(widgets, key) ? widgets[key] : undefined;
    if (!widget) continue;
    if (widget.type === 'subflow' || (widget.type === 'keep' && (widget.of?.includes(undone) ?? true))) return true;
    queue.push(...lineNames(widget).map((line) => lineTarget(widget, line)));
  }
  return false;
}
