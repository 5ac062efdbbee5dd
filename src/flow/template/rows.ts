/**
 * Rows of headers, query parameters and form fields. Contract W4, T5.
 * @module
 */
import { absentIn, fill, orFail, TemplateError, type Lookup } from '../values/fill.js';

/** A header, query parameter or form field; key and value are templates, a secret is opened before. Contract W4. */
export interface Row {
  key: string;
  value: string;
  mandatory: boolean;
}

/**
 * The rows with their values. A row with an absent variable is dropped, or gives INVALID_FLOW_VAR when it is mandatory.
 * `what` says in messages what a row is: `header`, `query parameter`, `form field`. Contract W4.
 */
export function fillRows(rows: Row[], lookup: Lookup, what: string): [key: string, value: string][] {
  return rows.flatMap(({ key, value, mandatory }): [string, string][] => {
    const absent = absentIn(key, lookup) ?? absentIn(value, lookup);
    if (absent === undefined) return [[fill(key, lookup, orFail), fill(value, lookup, orFail)]];
    if (!mandatory) return [];
    throw new TemplateError('INVALID_FLOW_VAR', `The ${what} ${key} is mandatory, but ${absent} has no value.`);
  });
}
