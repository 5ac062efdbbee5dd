/**
 * What a JSON Schema says of a value, in words.
 * @module
 */
import { code, codes } from './table.js';

/** The parts of a JSON Schema that our documents have. */
export interface JsonSchema {
  type?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** The limit of a field: `1 to 60`, `at most 200 characters`, the values of an enumeration; `–` for none. */
export function limitOf(field: JsonSchema): string {
  if (field.const !== undefined) return valueText(field.const);
  if (field.enum) return field.enum.map(valueText).join(', ');
  if (field.oneOf) return variantsOf(field.oneOf);
  if (field.anyOf) return limitOfEither(field.anyOf);
  if (field.type === 'array') return range(field.minItems, field.maxItems, ' entries');
  if (field.type === 'string') return lengthOf(field);
  if (field.exclusiveMinimum === 0) return 'greater than 0';
  return range(field.minimum, field.maximum);
}

/** Alternatives that a field of one value tells apart: `none`, `basic`, ... */
function variantsOf(variants: readonly JsonSchema[]): string {
  return codes(variants.map(({ properties }) => String((properties?.type ?? properties?.do)?.const)));
}

/** One value or a list of such values, else the first alternative that has a limit. */
function limitOfEither(alternatives: readonly JsonSchema[]): string {
  const list = alternatives.find(({ type }) => type === 'array');
  if (list) return `one, or ${range(list.minItems, list.maxItems, '')} in a list`;
  return alternatives.map(limitOf).find((limit) => limit !== '–') ?? '–';
}

function lengthOf({ minLength, maxLength }: JsonSchema): string {
  if (maxLength === undefined) return minLength === 1 ? 'not empty' : '–';
  return minLength === maxLength ? `${count(maxLength)} characters` : range(minLength, maxLength, ' characters');
}

function range(least: number | undefined, most: number | undefined, unit = ''): string {
  // Whole numbers without a limit of their own have that of JSON.
  if (most === undefined || most >= Number.MAX_SAFE_INTEGER) return least !== undefined && least > 0 ? `${count(least)} or more${unit}` : '–'; // prettier-ignore
  return least === undefined ? `at most ${count(most)}${unit}` : `${count(least)} to ${count(most)}${unit}`;
}

function valueText(value: unknown): string {
  return value === '' ? '`""`' : code(typeof value === 'string' ? value : JSON.stringify(value));
}

function count(value: number): string {
  return value.toLocaleString('en');
}
