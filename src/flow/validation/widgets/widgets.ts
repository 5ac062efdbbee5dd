/**
 * What each widget of a flow, or of one of its subflows, has beyond its shape. Contract C4, D5.
 * @module
 */
import type { Account } from '../../documents/account.js';
import type { Problem } from '../../errors.js';
import { Patterns } from '../../values/pattern.js';
import { variablesIn } from '../../values/reference.js';
import type { Condition } from '../../widgets/decision.js';
import { widget as widgetSchema, type Widget } from '../../widgets/index.js';
import { awaitAnswerErrors, awaitAnswerWarnings } from './await-answer.js';
import { hoursFaults, operationErrors, timeZoneErrors } from './calculations.js';
import { endlessLoopWarnings, ownLineErrors } from '../graph.js';
import { requestCredentials } from '../literal-credentials.js';
import { emailErrors, messageFaults, smsErrors } from './message-widgets.js';
import { isObject, pointer } from '../pointer.js';
import { promptErrors } from './prompts.js';
import { judgeReadable } from '../readable.js';
import { parseWithoutUnknown } from '../structure.js';
import { rowWarnings, unsendable } from '../sendable.js';
import { widgetTimelineErrors } from './timelines.js';
import { keepErrors, undoFindings, undoWarnings } from './undo-requests.js';
import {
  accountFaults,
  commonKeyWarnings,
  credentialWarnings,
  requestSecretFaults,
  shiftingRowWarnings,
  templateWarnings,
  webhookErrors,
} from './webhooks.js';

/** What was found. */
export interface WidgetFindings {
  errors: Problem[];
  warnings: Problem[];
  /** What rules of 0.7.0 and later refuse: errors, but for a document that was stored before. Contract C4. */
  newer: Problem[];
  /** What depends on the account. */
  faults: Problem[];
}

/** Looks at every widget of a document that has `widgets`. Works on any document, valid or not. Contract C4. */
export function widgetFindings(document: Record<string, unknown>, account: Account): WidgetFindings {
  const found: WidgetFindings = { errors: [], warnings: [], newer: [], faults: [] };
  const patterns = new Patterns();
  for (const [key, value] of Object.entries(isObject(document.widgets) ? document.widgets : {})) {
    const path = ['widgets', key];
    const one = judgeReadable(widgetSchema, value, path, (widget) => findingsOf(key, widget, account, patterns));
    if (!one) continue;
    for (const name of ['errors', 'warnings', 'newer', 'faults'] as const) found[name].push(...one[name]);
  }
  const parsed = parsedWidgets(document);
  found.errors.push(...awaitAnswerErrors(parsed, document.widgets), ...keepErrors(parsed, document.widgets));
  found.warnings.push(
    ...endlessLoopWarnings(parsed),
    ...awaitAnswerWarnings(parsed, document),
    ...undoWarnings(parsed),
  );
  return found;
}

function findingsOf(key: string, widget: Widget, account: Account, patterns: Patterns): WidgetFindings {
  const path = ['widgets', key];
  const found: WidgetFindings = {
    errors: [
      ...widgetErrors(key, widget, path, patterns),
      ...widgetTimelineErrors(widget, path),
      ...promptErrors(widget, path),
    ],
    newer: newerErrors(widget, path),
    faults: [
      ...(widget.type === 'timeCondition' ? hoursFaults(widget, account, path) : []),
      ...messageFaults(widget, account, path),
    ],
    warnings: [],
  };
  if (widget.type !== 'webhook') return found;
  const undo = undoFindings(widget, account, path);
  found.errors.push(...undo.errors);
  found.faults.push(...undo.faults);
  found.warnings.push(...undo.warnings);
  const { url, auth } = widget.request;
  const request = [...path, 'request'];
  found.faults.push(
    ...accountFaults(url, auth, account, request),
    ...requestSecretFaults(widget.request, account, request),
  );
  found.warnings.push(
    ...credentialWarnings(auth, request),
    ...requestCredentials(widget.request, request),
    ...templateWarnings(widget, path),
    ...rowWarnings(widget.request, request),
    ...shiftingRowWarnings(widget, path),
    ...commonKeyWarnings(widget, path),
  );
  return found;
}

/** The widgets that have the right shape but for unknown fields; other faults of shape are reported with the structure. */
function parsedWidgets(document: Record<string, unknown>): Record<string, Widget> {
  if (!isObject(document.widgets)) return {};
  const parsed = Object.entries(document.widgets).map(
    ([key, value]) => [key, parseWithoutUnknown(widgetSchema, value)] as const,
  );
  return Object.fromEntries(parsed.flatMap(([key, widget]) => (widget ? [[key, widget] as const] : [])));
}

function widgetErrors(key: string, widget: Widget, path: string[], patterns: Patterns): Problem[] {
  switch (widget.type) {
    case 'webhook':
      return [...webhookErrors(widget, path), ...ownLineErrors(key, widget)];
    case 'email':
      return emailErrors(widget, path);
    case 'function':
    case 'awaitAnswer':
    case 'menu':
    case 'makeCall':
    case 'agentConnect':
      return ownLineErrors(key, widget);
    case 'decision':
      return [
        ...ownLineErrors(key, widget),
        ...widget.cases.flatMap((one, index) => patternErrors(one.when, [...path, 'cases', index, 'when'], patterns)),
      ];
    case 'operation':
      return operationErrors(widget, path);
    case 'timeCondition':
      return timeZoneErrors(widget.timeZone, path);
    case 'collectDigits':
      return widget.pattern === undefined ? [] : invalidPattern(patterns.fault(widget.pattern), [...path, 'pattern']);
    case 'delay':
      return delayErrors(widget.seconds, path);
    default:
      return [];
  }
}

/** What can never be sent or matched. Contract D1, V4. */
function newerErrors(widget: Widget, path: string[]): Problem[] {
  switch (widget.type) {
    case 'webhook':
      return unsendable(widget.request, [...path, 'request']);
    case 'sms':
      return smsErrors(widget, path);
    case 'collectDigits':
      return widget.pattern === undefined || variablesIn(widget.pattern).length === 0
        ? []
        : invalidPattern('A pattern takes no variable: it would match none of its values.', [...path, 'pattern']);
    default:
      return [];
  }
}

function patternErrors(condition: Condition, path: PropertyKey[], patterns: Patterns): Problem[] {
  if ('all' in condition)
    return condition.all.flatMap((one, index) => patternErrors(one, [...path, 'all', index], patterns));
  if ('any' in condition)
    return condition.any.flatMap((one, index) => patternErrors(one, [...path, 'any', index], patterns));
  if ('not' in condition) return patternErrors(condition.not, [...path, 'not'], patterns);
  if (condition.op !== 'matches' || variablesIn(condition.right).length > 0) return [];
  return invalidPattern(patterns.fault(condition.right), [...path, 'right']);
}

function invalidPattern(fault: string | undefined, path: PropertyKey[]): Problem[] {
  return fault === undefined ? [] : [{ code: 'INVALID_PATTERN', pointer: pointer(...path), message: fault }];
}

function delayErrors(seconds: number | string, path: string[]): Problem[] {
  if (typeof seconds === 'number' || variablesIn(seconds).length > 0) return [];
  const value = Number(seconds);
  if (seconds.trim() !== '' && value >= 1 && value <= 3600) return [];
  return [{ code: 'INVALID_VALUE', pointer: pointer(...path, 'seconds'), message: 'A delay is 1 to 3,600 seconds.' }];
}
