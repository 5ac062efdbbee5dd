/**
 * The text fields of a widget: wherever variables are replaced. Contract V4.
 * @module
 */
import { isObject } from './pointer.js';

/** Fields that hold names, choices or paths, never templates. */
const PLAIN = new Set([
  'type', 'name', 'notes', 'saveIn', 'method', 'line', 'lines', 'keys', 'op', 'dialect', 'namespaces',
  'terminator', 'encoding', 'onMissing', 'onHangup', 'secret', 'pattern', 'leaveKey', 'strategy', 'mode', 'whileRinging', 'flow',
  'onLeave', 'of', 'on', 'do', 'unit', 'hours', 'parameters', 'parse', 'in', 'clientAuth', 'over', 'side', 'field', 'contract', 'onMismatch',
]); // prettier-ignore

/** A text field and its place. */
export interface TextField {
  path: PropertyKey[];
  text: string;
}

/** Every text field below a value. `hmac` keeps its literal credential under `secret`: that one is a text too. */
export function* textsIn(value: unknown, path: PropertyKey[] = []): Generator<TextField> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* textsIn(item, [...path, index]);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const inDocument = path.includes('content');
      if (inDocument || !PLAIN.has(key) || (key === 'secret' && value.type === 'hmac'))
        yield* textsIn(item, [...path, key]);
    }
  }
}

/** Every `saveIn` below a value. */
export function* targetsIn(value: unknown, path: PropertyKey[] = []): Generator<TextField> {
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    const place = Array.isArray(value) ? [...path, Number(key)] : [...path, key];
    if (key === 'saveIn' && typeof item === 'string') yield { path: place, text: item };
    else if (key !== 'content') yield* targetsIn(item, place);
  }
}
