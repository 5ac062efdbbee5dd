/**
 * Does an answer keep what its flow expects of it? Contract R10.
 * @module
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import type { Finder, RowPath } from './map-rows.js';

/** A JSON Schema, of draft 2020-12. */
export type JsonContract = boolean | Record<string, unknown>;
/** What stands at a path of an XML answer. */
export interface XmlExpectation extends RowPath {
  type: 'string' | 'number' | 'integer' | 'boolean';
}
/** What a flow expects of an answer, and whether an answer that is otherwise fails. */
export type Contract = { onMismatch: 'warn' | 'fail' } & ({ json: JsonContract } | { xml: XmlExpectation[] });

/** One place where an answer is otherwise: a JSON pointer or an XML path, and what was expected. No value of the answer. */
export interface Mismatch {
  at: string;
  expected: string;
}

/** Mismatches that are reported of one answer. */
const MAX_MISMATCHES = 10;
/** Contracts that a thread has ready. */
const MAX_READY = 100;

/** Patterns run by RE2: no text holds a thread up. */
const regExp = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    // ajv tells patterns apart by their text.
    return { test: (text: string) => compiled.test(text), toString: () => pattern };
  },
  { code: 'new RegExp' },
);
const OPTIONS = { strict: false, validateFormats: false, allErrors: true, logger: false, code: { regExp } } as const;

const ready = new Map<string, ValidateFunction>();

/** What of an answer is otherwise than its JSON Schema says. */
export function jsonMismatches(text: string, contract: JsonContract): Mismatch[] {
  try {
    const validate = compiled(contract);
    if (validate(JSON.parse(text))) return [];
    return (validate.errors ?? []).slice(0, MAX_MISMATCHES).map(mismatch);
  } catch {
    // A schema that refers to itself without end, and its like.
    return [{ at: '', expected: 'a contract that can be evaluated' }];
  }
}

/** What of an answer is otherwise than its list of paths says. */
export function xmlMismatches(finder: Finder, contract: readonly XmlExpectation[]): Mismatch[] {
  const wrong = contract.filter((one) => {
    const found = finder.find(one);
    const values = found.kind === 'one' ? [found.value] : found.kind === 'many' ? found.first : [];
    return values.length === 0 || !values.every((value) => value !== null && FORMS[one.type].test(value));
  });
  return wrong.slice(0, MAX_MISMATCHES).map(({ path, type }) => ({ at: path, expected: `a ${type}` }));
}

/** As XML Schema writes them. */
const FORMS = {
  string: /^/,
  number: /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/,
  integer: /^\s*[+-]?\d+\s*$/,
  boolean: /^\s*(?:true|false|1|0)\s*$/,
};

function compiled(contract: JsonContract): ValidateFunction {
  const key = JSON.stringify(contract);
  const known = ready.get(key) ?? new Ajv2020(OPTIONS).compile(contract);
  if (ready.size >= MAX_READY) ready.clear();
  ready.set(key, known);
  return known;
}

function mismatch({ instancePath, message = 'something else' }: ErrorObject): Mismatch {
  return { at: instancePath, expected: message.replace(/^must (?:be )?/, '') };
}
