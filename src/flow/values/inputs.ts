/**
 * What a flow says of the values that its calls begin with. Contract D2b, V7.
 * @module
 */
import type { Flow } from '../documents/flow.js';
import type { Problem } from '../errors.js';

type Inputs = Flow['inputs'];
type Values = Readonly<Record<string, unknown>>;

/** The inputs that a call needs and does not get: required, without a value and without a default. Each at its name. Contract D2b, C4. */
export function missingInputs(inputs: Inputs, values: Values): Problem[] {
  const missing = Object.entries(inputs ?? {}).filter(
    ([name, { required, default: fallback }]) => required && fallback === undefined && !hasValue(values, name),
  );
  return missing.map(([name]) => ({
    code: 'INPUT_MISSING',
    pointer: `/${name}`,
    message: `The flow requires a value of ${name}.`,
  }));
}

/** The defaults of those inputs that have no value. Contract D2b. */
export function inputDefaults(inputs: Inputs, values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs ?? {}).flatMap(([name, { default: fallback }]) =>
      fallback === undefined || hasValue(values, name) ? [] : [[name, fallback]],
    ),
  );
}

/** The names of inputs that are sensitive. Contract V7. */
export function sensitiveInputs(inputs: Inputs): string[] {
  return Object.entries(inputs ?? {}).flatMap(([name, { sensitive }]) => (sensitive ? [name] : []));
}

function hasValue(values: Values, name: string): boolean {
  return Object.hasOwn(values, name) && values[name] !== null && values[name] !== undefined;
}
