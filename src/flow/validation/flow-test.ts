/**
 * Is a test file valid, by itself and for its flow? Contract D1.
 * @module
 */
import type { Flow } from '../documents/flow.js';
import type { Problem } from '../errors.js';
import { FLOW_END, flowTest, type FlowTest } from '../documents/flow-test.js';
import { lineNames } from '../lines.js';
import { keysBelow, placeAt } from '../places.js';
import { suggestion } from './nearest.js';
import { pointer } from './pointer.js';
import { structuralErrors } from './structure.js';
import { type Findings, validateCaller, validateVariables } from './validate.js';
import { saveInFault } from './variable-use.js';

/** Validates the shape of a test file; what it says of its flow is checked by {@link flowTestFaults}. */
export function validateFlowTest(document: unknown): Findings<FlowTest> {
  const errors = structuralErrors(flowTest, document);
  return errors.length > 0 ? { errors, warnings: [] } : { errors, warnings: [], value: flowTest.parse(document) };
}

/** Everything in a test that names what its flow does not have. */
export function flowTestFaults(test: FlowTest, flow: Flow): Problem[] {
  const { answers, kept, expect } = test;
  const given = validateVariables(test.set).map((problem) => ({ ...problem, pointer: `/set${problem.pointer}` }));
  const caller = typeof test.caller === 'object' ? validateCaller(test.caller, flow).errors : [];
  return [
    ...given,
    ...caller.map((problem) => ({ ...problem, pointer: `/caller${problem.pointer}` })),
    ...Object.keys(answers).flatMap((key) => senderFaults(flow, key, ['answers', key])),
    ...Object.keys(kept).flatMap((key) => widgetFaults(flow, key, ['kept', key])),
    ...(expect.path ?? []).flatMap((step, index) => stepFaults(flow, step, ['expect', 'path', index])),
    ...(expect.passes ?? []).flatMap((step, index) => stepFaults(flow, step, ['expect', 'passes', index])),
    ...Object.keys(expect.variables ?? {}).flatMap(variableFaults),
    ...Object.keys(expect.requests ?? {}).flatMap((key) => senderFaults(flow, key, ['expect', 'requests', key])),
  ];
}

/** A step of a path as its widget and its line. */
export function partsOf(step: string): { widget: string; line: string | undefined } {
  const colon = step.indexOf(':');
  return colon < 0 ? { widget: step, line: undefined } : { widget: step.slice(0, colon), line: step.slice(colon + 1) };
}

function senderFaults(flow: Flow, key: string, place: PropertyKey[]): Problem[] {
  if (key === FLOW_END) return [];
  // The undo request of a webhook is written as `book/undo`.
  const undone = /^(.+)\/undo$/.exec(key)?.[1];
  const webhook = undone === undefined ? undefined : placeAt(flow, undone)?.widget;
  if (webhook?.type === 'webhook' && webhook.undo) return [];
  return widgetFaults(flow, key, place);
}

function widgetFaults(flow: Flow, key: string, place: PropertyKey[]): Problem[] {
  if (placeAt(flow, key)) return [];
  const known = keysBelow(flow, key.split('/').slice(0, -1).join('/'));
  const message = `The flow has no widget "${key}".${suggestion(key, known)}`;
  return [{ code: 'UNKNOWN_WIDGET', pointer: pointer(...place), message }];
}

function stepFaults(flow: Flow, step: string, place: PropertyKey[]): Problem[] {
  const { widget, line } = partsOf(step);
  const found = placeAt(flow, widget);
  if (!found) return widgetFaults(flow, widget, place);
  const known = lineNames(found.widget);
  if (line === undefined || known.includes(line)) return [];
  const message = `The widget "${widget}" has no line "${line}".${suggestion(line, known)} Known here: ${known.join(', ')}.`;
  return [{ code: 'UNKNOWN_LINE', pointer: pointer(...place), message }];
}

function variableFaults(name: string): Problem[] {
  const fault = saveInFault(name);
  return fault ? [{ ...fault, pointer: pointer('expect', 'variables', name) }] : [];
}
