/**
 * The fields of a document as rows, from its schema: place, default, limit, description. What a document may hold stands in
 * the schema alone, so the page, the JSON Schema and what editors show say the same.
 * @module
 */
import * as z from 'zod';
import { limitOf, type JsonSchema } from './limits.js';
import { code, table } from './table.js';

/** One field: `wait.timeout`, `60`, `1 to 60`, and what it says. */
export interface FieldRow {
  place: string;
  fallback: string;
  limit: string;
  text: string;
}

/** The columns of a table of fields. */
export const FIELD_COLUMNS = ['field', 'default', 'limit', 'what it says'] as const;

/** The JSON Schema of what may be written. */
export function schemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** A table of every field of a schema; of the places in `closed` only the field itself, not what stands in it. */
export function fieldTable(schema: z.ZodType, closed: readonly string[] = [], place = ''): string {
  return table(FIELD_COLUMNS, fieldsOf(schemaOf(schema), { closed, place }).map(cellsOf));
}

/** The cells of a field. */
export function cellsOf({ place, fallback, limit, text }: FieldRow): string[] {
  return [code(place), fallback, limit, text];
}

/** Every field below a schema, in order. */
export function fieldsOf(
  schema: JsonSchema,
  { closed, place }: { closed: readonly string[]; place: string },
): FieldRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    // The `type` of an alternative stands in the place of its other fields.
    if (field.const !== undefined && place.endsWith(').')) return [];
    const path = `${place}${name}`;
    const row = { place: path, fallback: fallbackOf(field, schema.required?.includes(name)), limit: limitOf(field), text: field.description ?? '' }; // prettier-ignore
    return closed.includes(path) ? [row] : [row, ...below(field, path, closed)];
  });
}

function below(field: JsonSchema, path: string, closed: readonly string[]): FieldRow[] {
  const variants = (field.oneOf ?? []).flatMap((one) => fieldsOf(one, { closed, place: `${path} (${String(one.properties?.type?.const)}).` })); // prettier-ignore
  return [...variants, ...fieldsOf(field.items ?? field, { closed, place: field.items ? `${path}[].` : `${path}.` })];
}

function fallbackOf(field: JsonSchema, required = false): string {
  if (field.default !== undefined) return code(JSON.stringify(field.default));
  return required ? 'required' : '–';
}
