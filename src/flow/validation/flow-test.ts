/**
 * Is a test file valid, by itself and for its flow? Contract D1.
 * @module
 */
import type { Flow } from '../documents/flow.js';
import type { Problem } from '../errors.js';
import { FLOW_END, flowTest, type FlowTest } from '../documents/flow-test.js';
import { lineNames } from '../lines.js';
import { keysBelow, placeAt, type StoredFlows } from '../places.js';
import { suggestion } from './nearest.js';
import { pointer } from './pointer.js';
import { structuralErrors } from './structure.js';
import { type Findings, validateCaller, validateVariables } from './validate.js';
import { missingInputs } from '../values/inputs.js';
import { saveInFault } from './variable-use.js';

/** Validates the shape of a test file; what it says of its flow is checked by {@link flowTestFaults}. */
export function validateFlowTest(document: unknown): Findings<FlowTest> {
  const errors = structuralErrors(flowTest, document);
  return errors.length > 0 ? { errors, warnings: [] } : { errors, warnings: [], value: flowTest.parse(document) };
}

/** Everything in a test that names what its flow does not have. */
export function flowTestFaults(test: FlowTest, flow: Flow, stored: StoredFlows = {}): Problem[] {
  const { answers, kept, expect } = test;
  const known = { flow, stored };
  const given = [...validateVariables(test.set), ...missingInputs(flow.inputs, test.set)].map((problem) => ({
    ...problem,
    pointer: `/set${problem.pointer}`,
  }));
  const caller = typeof test.caller === 'object' ? validateCaller(test.caller, flow).errors : [];
  return [
    ...given,
    ...caller.map((problem) => ({ ...problem, pointer: `/caller${problem.pointer}` })),
    ...Object.keys(answers).flatMap((key) => senderFaults(known, key, ['answers', key])),
    ...Object.keys(kept).flatMap((key) => widgetFaults(known, key, ['kept', key])),
    ...(expect.path ?? []).flatMap((step, index) => stepFaults(known, step, ['expect', 'path', index])),
    ...(expect.passes ?? []).flatMap((step, index) => stepFaults(known, step, ['expect', 'passes', index])),
    ...Object.keys(expect.variables ?? {}).flatMap(variableFaults),
    ...Object.keys(expect.requests ?? {}).flatMap((key) => senderFaults(known, key, ['expect', 'requests', key])),
  ];
}

/** What paths are looked up in. */
interface Known {
  flow: Flow;
  stored: StoredFlows;
}

/** A step of a path as its widget and its line. */
export function partsOf(step: string): { widget: string; line: string | undefined } {
  const colon = step.indexOf(':');
  return colon < 0 ? { widget: step, line: undefined } : { widget: step.slice(0, colon), line: step.slice(colon + 1) };
}

function senderFaults(known: Known, key: string, place: PropertyKey[]): Problem[] {
  if (key === FLOW_END) return [];
  // The undo request of a webhook is written as `book/undo`.
  const undone = /^(.+)\/undo$/.exec(key)?.[1];
  const webhook = undone === undefined ? undefined : placeAt(known.flow, undone, known.stored)?.widget;
  if (webhook?.type === 'webhook' && webhook.undo) return [];
  return widgetFaults(known, key, place);
}

function widgetFaults({ flow, stored }: Known, key: string, place: PropertyKey[]): Problem[] {
  if (placeAt(flow, key, stored)) return [];
  const near = keysBelow(flow, key.split('/').slice(0, -1).join('/'));
  const message = `The flow has no widget "${key}".${suggestion(key, near)}`;
  return [{ code: 'UNKNOWN_WIDGET', pointer: pointer(...place), message }];
}

function stepFaults(known: Known, step: string, place: PropertyKey[]): Problem[] {
  const { widget, line } = partsOf(step);
  const found = placeAt(known.flow, widget, known.stored);
  if (!found) return widgetFaults(known, widget, place);
  const lines = lineNames(found.widget);
  if (line === undefined || lines.includes(line)) return [];
  const message = `The widget "${widget}" has no line "${line}".${suggestion(line, lines)} Known here: ${lines.join(', ')}.`;
  return [{ code: 'UNKNOWN_LINE', pointer: pointer(...place), message }];
}

function variableFaults(name: string): Problem[] {
  const fault = saveInFault(name);
  return fault ? [{ ...fault, pointer: pointer('expect', 'variables', name) }] : [];
}
