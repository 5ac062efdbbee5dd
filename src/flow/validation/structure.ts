/**
 * Does a document have the shape of its schema? zod's issues as problems with pointers and suggestions. Contract D1, C4.
 * @module
 */
import * as z from 'zod';
import { MAX_DEPTH } from '../documents/limits.js';
import type { Problem } from '../errors.js';
import { MAX_SUGGESTIONS, suggestion } from './nearest.js';
import { isObject, pointer, valueAt } from './pointer.js';

type Issue = z.core.$ZodIssue;

/** Whether a value nests deeper than documents may. Goes level by level, for it must not exhaust the stack itself. */
export function isTooDeep(document: unknown): boolean {
  let level: unknown[] = [document];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.filter(isObject).flatMap((value) => Object.values(value));
  }
  return false;
}

/** Every fault of shape in a document, all at once. */
export function structuralErrors(schema: z.ZodType, document: unknown): Problem[] {
  if (isTooDeep(document)) {
    return [{ code: 'INVALID_VALUE', pointer: '', message: `The document is nested deeper than ${MAX_DEPTH} levels.` }];
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) => problemsOf(issue, [], schema, document));
}

/** Parses a value as if the fields that the schema does not know were not there; undefined when it has other faults. */
export function parseWithoutUnknown<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const copy = structuredClone(value);
  for (const issue of parsed.error.issues) {
    if (issue.code !== 'unrecognized_keys') return undefined;
    const owner = valueAt(copy, issue.path);
    if (isObject(owner)) for (const key of issue.keys) delete owner[key];
  }
  return schema.safeParse(copy).data;
}

function problemsOf(issue: Issue, base: PropertyKey[], schema: z.ZodType, document: unknown): Problem[] {
  const path = [...base, ...issue.path];
  const value = valueAt(document, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = fieldsAt(schema, document, path);
      const inLines = path.at(-1) === 'lines';
      return issue.keys.map((key, index) => ({
        code: inLines ? 'UNKNOWN_LINE' : 'UNKNOWN_FIELD',
        pointer: pointer(...path, key),
        message:
          `${inLines ? 'There is no line' : 'Unknown field'} "${key}".` +
          (index < MAX_SUGGESTIONS ? `${suggestion(key, known)}${listed(known)}` : ''),
      }));
    }
    case 'invalid_union': {
      if (value === undefined) break;
      if (issue.discriminator !== undefined) return [unknownVariant(issue, path, value)];
      const branch = likeliest(issue.errors);
      if (branch) return branch.flatMap((inner) => problemsOf(inner, path, schema, document));
      return [{ code: 'INVALID_VALUE', pointer: pointer(...path), message: expectedOf(issue) }];
    }
    case 'invalid_key':
      return [{ code: 'INVALID_VALUE', pointer: pointer(...path), message: issue.issues[0]?.message ?? issue.message }];
    default:
  }
  if (value === undefined && path.length > 0) {
    return [
      { code: 'MISSING_FIELD', pointer: pointer(...path), message: `The field "${String(path.at(-1))}" is required.` },
    ];
  }
  const message = limitMessage(issue) ?? issue.message.replace('expected record', 'expected object');
  return [{ code: 'INVALID_VALUE', pointer: pointer(...path), message }];
}

/** A limit in words, unless the schema itself has better ones. */
function limitMessage(issue: Issue): string | undefined {
  if (issue.code === 'too_big' && issue.message.startsWith('Too big: '))
    return `It is at most ${amountOf(issue.maximum, issue.origin)}.`;
  if (issue.code === 'too_small' && issue.message.startsWith('Too small: '))
    return issue.inclusive === false
      ? `It is more than ${amountOf(issue.minimum, issue.origin)}.`
      : `It is at least ${amountOf(issue.minimum, issue.origin)}.`;
  return undefined;
}

function amountOf(limit: number | bigint, origin: string): string {
  const unit = { string: 'characters', array: 'entries', record: 'fields', object: 'fields' }[origin];
  return unit === undefined ? limit.toLocaleString('en') : `${limit.toLocaleString('en')} ${unit}`;
}

/** What a place takes that takes values of several types. */
function expectedOf(issue: Issue & { code: 'invalid_union' }): string {
  const types = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected.replace('record', 'object')] : []));
  const known = [...new Set(types)];
  const last = known.pop();
  // A union that says itself what it takes says it better.
  if (last === undefined || issue.message !== 'Invalid input') return issue.message;
  return `Invalid input: expected ${known.length > 0 ? `${known.join(', ')} or ` : ''}${last}`;
}

/** The path of such an issue leads to the discriminator itself. */
function unknownVariant(issue: Issue & { code: 'invalid_union' }, path: PropertyKey[], given: unknown): Problem {
  const options = (issue as { options?: unknown[] }).options?.map(String) ?? [];
  const shown = typeof given === 'string' ? `"${given}"` : 'This value';
  const hint = typeof given === 'string' ? suggestion(given, options) : '';
  const message = `${shown} is no known ${String(issue.discriminator)}.${hint}${listed(options)}`;
  return { code: 'INVALID_VALUE', pointer: pointer(...path), message };
}

/**
 * The branch of a union that the author most likely meant: not one of another type, then the one that knows the fields which
 * are there, then the one with fewest faults.
 */
export function likeliest(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const ofType = branches.filter(
    (issues) => !issues.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type'),
  );
  const missing = (issues: readonly Issue[]) => issues.filter((issue) => issue.code === 'invalid_type').length;
  const unknown = (issues: readonly Issue[]) => issues.filter((issue) => issue.code === 'unrecognized_keys').length;
  return [...ofType].sort((a, b) => unknown(a) - unknown(b) || missing(a) - missing(b) || a.length - b.length)[0];
}

function listed(known: readonly string[]): string {
  return known.length === 0 || known.length > 30 ? '' : ` Known here: ${known.join(', ')}.`;
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  const?: unknown;
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
}

const jsonSchemas = new WeakMap<z.ZodType, JsonSchema>();

/** The fields that the schema knows at a path of the document, for suggestions. */
function fieldsAt(schema: z.ZodType, document: unknown, path: PropertyKey[]): string[] {
  let root = jsonSchemas.get(schema);
  if (!root) {
    root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    jsonSchemas.set(schema, root);
  }
  const top = root;
  let level = variants(top, top, document);
  path.forEach((part, depth) => {
    const value = valueAt(document, path.slice(0, depth + 1));
    level = level.flatMap((one) => {
      const next = typeof part === 'number' ? one.items : (one.properties?.[String(part)] ?? one.additionalProperties);
      return typeof next === 'object' ? variants(next, top, value) : [];
    });
  });
  return [...new Set(level.flatMap((one) => Object.keys(one.properties ?? {})))];
}

/** A schema's alternatives, without those whose constant fields (such as `type`) the value contradicts. */
function variants(schema: JsonSchema, root: JsonSchema, value: unknown): JsonSchema[] {
  if (schema.$ref) {
    const target = root.$defs?.[schema.$ref.split('/').at(-1) ?? ''];
    return target ? variants(target, root, value) : [];
  }
  const inner = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (!inner) return [schema];
  const all = inner.flatMap((one) => variants(one, root, value));
  const fitting = all.filter((one) =>
    Object.entries(one.properties ?? {}).every(([name, field]) => {
      const given = valueAt(value, [name]);
      return field.const === undefined || given === undefined || given === field.const;
    }),
  );
  return fitting.length > 0 ? fitting : all;
}
