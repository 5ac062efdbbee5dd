/**
 * `docs/reference/flow.md`: the fields of flows, accounts and caller files, and what widgets have.
 * @module
 */
import { account } from '../../../src/flow/documents/account.js';
import { caller } from '../../../src/flow/documents/caller.js';
import { flow } from '../../../src/flow/documents/flow.js';
import { lineNames } from '../../../src/flow/lines.js';
import { type Widget, widget } from '../../../src/flow/widgets/index.js';
import { cellsOf, FIELD_COLUMNS, fieldsOf, fieldTable, schemaOf } from '../fields.js';
import type { JsonSchema } from '../limits.js';
import { code, table } from '../table.js';

/** The fields of a flow; a widget's fields are in the table of widgets. */
export const flowFields = () => fieldTable(flow, ['subflows']);

/** The fields of an input of a flow. */
export function inputFields(): string {
  const { inputs } = schemaOf(flow).properties ?? {};
  return table(
    FIELD_COLUMNS,
    fieldsOf(inputs?.additionalProperties as JsonSchema, { closed: [], place: '' }).map(cellsOf),
  );
}

/** The fields of an account; those of `sms`, `smtp`, `outbound` and `hours` are elsewhere. */
export const accountFields = () => fieldTable(account, ['sms', 'smtp', 'outbound', 'hours', 'defaultWebhook.auth', 'defaultWebhook.signingSecret']); // prettier-ignore

/** The fields of a caller file. */
export const callerFields = () => fieldTable(caller, ['steps']);

/** The fields of a number under `legs` of a caller file. */
export function legFields(): string {
  const { legs } = schemaOf(caller).properties ?? {};
  return table(FIELD_COLUMNS, fieldsOf(legs?.additionalProperties as JsonSchema, { closed: ['steps'], place: '' }).map(cellsOf)); // prettier-ignore
}

/** The schema of each widget, by its type. */
function widgets(): [type: Widget['type'], schema: JsonSchema][] {
  return (schemaOf(widget).oneOf ?? []).map((one) => [one.properties?.type?.const as Widget['type'], one]);
}

/** Fields that every widget has, in the words of the page. */
const COMMON = ['type', 'name', 'notes', 'lines'];

/** What each widget does, and its lines in their order. */
export function widgetTable(): string {
  return table(['widget', 'what it does', 'lines'], widgets().map(([type, { description = '' }]) => [code(type), description, linesOf(type)])); // prettier-ignore
}

/** The fields of each widget, but for those of the webhook, which has a page of its own. */
export function widgetFields(): string {
  const rows = widgets().flatMap(([type, schema]) => {
    if (type === 'webhook') return [[code(type), 'see [webhook](webhook.md#fields)', '', '', '']];
    const closed = ['hours', 'wait', 'operation'];
    const fields = fieldsOf(schema, { closed, place: '' }).filter(({ place }) => !COMMON.includes(place.split('.')[0] ?? '')); // prettier-ignore
    return fields.map((field, index) => [index === 0 ? code(type) : '', ...cellsOf(field)]);
  });
  return table(['widget', ...FIELD_COLUMNS], rows);
}

/** Lines whose names stand in the document itself, in words. */
const OWN = {
  cases: [{ line: 'those of the cases in order' }],
  keys: { 1: 'those of the keys' },
  lines: { 'those that `return` widgets name': '' },
};

function linesOf(type: Widget['type']): string {
  const keys = { leaveKey: '*', timeline: [{ keys: { 1: 'those of the timeline' } }] };
  const leaves = { ...keys, wait: keys };
  const lines = lineNames({ ...OWN, ...leaves, type } as unknown as Widget);
  return lines.map((name) => (name.includes(' ') ? name : code(name))).join(', ') || 'none';
}
