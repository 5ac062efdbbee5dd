/**
 * The sensitive places of a flow. Contract V7.
 * @module
 */
import type { Flow } from '../documents/flow.js';
import type { Problem } from '../errors.js';
import { sensitiveInputs } from '../values/inputs.js';
import { isObject, pointer } from './pointer.js';

/** The warning for a flow that says of any value that it is sensitive, where histories are not encrypted: it names the first place. */
export function unencryptedWarnings(flow: Flow | undefined): Problem[] {
  const [first] = [
    ...placesOf(flow?.inputs, ['inputs']),
    ...placesOf(flow?.widgets, ['widgets']),
    ...placesOf(flow?.subflows, ['subflows']),
  ];
  if (!first) return [];
  const message =
    'This value is sensitive, and this process has no keys that encrypt: without HOOKLINE_CODEC_KEYS the history of a call holds it in clear.';
  return [{ code: 'SENSITIVE_UNENCRYPTED', pointer: pointer(...first), message }];
}

/** The names under which a flow gets or saves what it says is sensitive, wherever that stands. */
export function sensitiveNames(flow: Flow): string[] {
  return [...sensitiveInputs(flow.inputs), ...[...targets(flow)].map(({ saveIn }) => saveIn)];
}

function* placesOf(value: unknown, path: PropertyKey[]): Generator<PropertyKey[]> {
  if (Array.isArray(value)) for (const [index, one] of value.entries()) yield* placesOf(one, [...path, index]);
  else if (isObject(value)) {
    if (value.sensitive === true) yield [...path, 'sensitive'];
    for (const [key, one] of Object.entries(value)) yield* placesOf(one, [...path, key]);
  }
}

function* targets(value: unknown): Generator<{ saveIn: string }> {
  if (typeof value !== 'object' || value === null) return;
  if ('sensitive' in value && value.sensitive === true && 'saveIn' in value && typeof value.saveIn === 'string')
    yield { saveIn: value.saveIn };
  for (const one of Object.values(value)) yield* targets(one);
}
