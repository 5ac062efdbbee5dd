/**
 * Puts the values of variables into form bodies. Contract T5, W4.
 * @module
 */
import { fillRows, type Row } from './rows.js';
import { type Lookup } from '../values/fill.js';

/** A form body and the Content-Type that goes with it. */
export interface Form {
  body: string;
  contentType: string;
}

/**
 * Fills a form. Contract T5, W4.
 *
 * `boundary` parts a multipart body; it is lengthened when a value holds it, so that no value can add a part.
 *
 * @example fillForm([{ key: 'order', value: '$flow.key.order', mandatory: true }], 'urlencoded', lookup, boundary)
 */
export function fillForm(fields: Row[], encoding: 'urlencoded' | 'multipart', lookup: Lookup, boundary: string): Form {
  const pairs = fillRows(fields, lookup, 'form field');
  if (encoding === 'multipart') return multipart(pairs, boundary);
  return { body: new URLSearchParams(pairs).toString(), contentType: 'application/x-www-form-urlencoded' };
}

function multipart(pairs: [string, string][], boundary: string): Form {
  let unique = boundary;
  while (pairs.some(([key, value]) => key.includes(unique) || value.includes(unique))) unique += '0';
  const parts = pairs.map(
    ([key, value]) => `--${unique}\r\nContent-Disposition: form-data; name="${escapeName(key)}"\r\n\r\n${value}\r\n`,
  );
  return { body: `${parts.join('')}--${unique}--\r\n`, contentType: `multipart/form-data; boundary=${unique}` };
}

/** As browsers do it: WHATWG HTML, multipart/form-data encoding algorithm. */
function escapeName(name: string): string {
  return name.replace(/\r\n|\r|\n|"/g, (char) => (char === '"' ? '%22' : encodeURIComponent(char)));
}
