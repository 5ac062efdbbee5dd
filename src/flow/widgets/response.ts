/**
 * How the answer of a webhook is read: the schemas of its rows. Contract R4-R7, R5b, R6b.
 * @module
 */
import * as z from 'zod';
import { saveIn, sensitive } from './common.js';

/** What the languages of paths say of their fields. */
interface Texts {
  path: string;
  each: string;
  item: string;
  /** When a mandatory row fails. */
  found: string;
}

const JSON_TEXTS: Texts = {
  path: 'Starts with `data`.',
  each: 'A list: the path to its items, or to the array that holds them. Starts with `data`.',
  item: 'Starts with `item`, which stands for the item.',
  found: 'found and not null',
};
const XML_TEXTS: Texts = {
  path: 'XPath 1.0.',
  each: 'A list: the path to its items, XPath 1.0.',
  item: 'XPath 1.0, from the item on.',
  found: 'found',
};

const path = z.string().min(1).max(2000);

/** Whether a row must find something. A failure answer's rows do not have it. Contract R7. */
const mandatory = z.boolean().default(false);

/** A header row's source. Contract R6b. */
const header = z
  .string()
  .max(200)
  .regex(/^[!#%&'*+.^_`|~\w-]+$/, 'The name of a header is letters, digits and "-", without variables.');

/** The name of a field of a list's items. Contract R5b. */
const fieldName = z
  .string()
  .regex(
    /^(?!(?:size|index)$)[A-Za-z][A-Za-z0-9]{0,63}$/,
    'The name of a field is a letter, then letters and digits; neither "size" nor "index".',
  )
  .describe('The FIELD of `NAME_1_FIELD`: a letter, then letters and digits; neither `size` nor `index`.');

/** The one place of an answer from which a row takes its value. */
const SOURCES = ['path', 'each', 'header'] as const;
/** Fields that need another one beside them. */
const COMPANIONS = [
  ['map', 'each'],
  ['max', 'each'],
  ['parse', 'path'],
  ['then', 'parse'],
] as const;

type Row = Partial<Record<(typeof SOURCES)[number] | 'map' | 'max' | 'parse' | 'then' | 'mandatory', unknown>>;

/** What no row can mean. Contract R5b, R6b. */
function checkRow(row: Row, context: z.RefinementCtx): void {
  const fault = (place: string, message: string) => context.addIssue({ code: 'custom', path: [place], message });
  const sources = SOURCES.filter((name) => row[name] !== undefined);
  if (sources.length === 0) fault('path', 'The field "path" is required.');
  for (const name of sources.slice(1)) fault(name, `A row has one of "path", "each" and "header", and "${sources[0]}" is there.`); // prettier-ignore
  for (const [name, other] of COMPANIONS) {
    if (row[name] !== undefined && row[other] === undefined) fault(name, `"${name}" stands beside "${other}" only.`);
  }
  if (row.each !== undefined && row.map === undefined) fault('map', 'The field "map" is required.');
  if (row.parse !== undefined && row.then === undefined) fault('then', 'The field "then" is required.');
  if (row.each !== undefined && row.mandatory === true)
    fault('mandatory', 'A list may be empty: say "mandatory" of a field under "map".');
}

/** What every row may have. */
function shared<Field extends z.ZodType>(texts: Texts, field: Field) {
  return {
    saveIn,
    path: path.optional().describe(`${texts.path} A row has one of \`path\`, \`each\` and \`header\`.`),
    parse: z
      .enum(['json', 'xml'])
      .optional()
      .describe('The text found at `path` is parsed again, and `then` is read in it.'),
    then: path
      .optional()
      .describe('With `parse`: a path in the text that was parsed again, of JSON (`data...`) or XML (XPath 1.0).'),
    each: path.optional().describe(texts.each),
    max: z
      .number()
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe('With `each`: how many items are written at most; left out: 20.'),
    map: z.array(field).min(1).max(20).optional().describe('With `each`: the fields of an item.'),
    header: header.optional().describe('The name of a header of the answer, in any case.'),
  };
}

function fieldOf(texts: Texts) {
  return { name: fieldName, path: path.describe(texts.item) };
}

const rowsOf = <Row extends z.ZodType>(row: Row) => z.array(row).max(100);

/** The rows for successes. */
function mapOf(texts: Texts) {
  const must = mandatory.describe(`Whether it must be ${texts.found}, else INVALID_RESPONSE_MAP.`);
  const field = z.strictObject({ ...fieldOf(texts), mandatory: must });
  const row = z.strictObject({ ...shared(texts, field), mandatory: must, sensitive }).superRefine(checkRow);
  return rowsOf(row).default([]).describe('All rows are written, or none.');
}

/** The rows for failure answers: what they lack changes no reason. Contract R7. */
function failureMapOf(texts: Texts) {
  const row = z.strictObject({ ...shared(texts, z.strictObject(fieldOf(texts))), sensitive }).superRefine(checkRow);
  return rowsOf(row).default([]);
}

const headerOf = header.describe('The name of a header of the answer, in any case.');

const dialect = z
  .enum(['rfc9535', 'jsonpath-plus'])
  .default('rfc9535')
  .describe('How paths are written: RFC 9535, or jsonpath-plus with two operators more.');
const namespaces = z
  .record(z.string(), z.string())
  .default({})
  .describe('`{ prefix: URI }`, besides the declarations of the root element.');

const onMismatch = z
  .enum(['warn', 'fail'])
  .optional()
  .describe('An answer that breaks the contract is counted and logged, and with `fail` it is INVALID_RESPONSE; left out: `warn`.'); // prettier-ignore

/** What the flow expects of a JSON answer. Contract R10. */
const jsonContract = {
  contract: z
    .union([z.boolean(), z.record(z.string(), z.json())])
    .optional()
    .describe('A JSON Schema (draft 2020-12, at most 64 KiB, no remote `$ref`) of a success; `format` has no effect.'),
  onMismatch,
};

/** What the flow expects of an XML answer. Contract R10. */
const xmlContract = {
  contract: z
    .array(
      z.strictObject({
        path: path.describe('XPath 1.0; it must find something.'),
        type: z.enum(['string', 'number', 'integer', 'boolean']).describe('What each thing found there must be.'),
      }),
    )
    .min(1)
    .max(200)
    .optional()
    .describe('What a success must have: a list of paths with types.'),
  onMismatch,
};

/** `onMismatch` says nothing without a contract. */
function checkContract(
  { contract, onMismatch }: { contract?: unknown; onMismatch?: unknown },
  context: z.RefinementCtx,
) {
  if (contract !== undefined || onMismatch === undefined) return;
  context.addIssue({ code: 'custom', path: ['onMismatch'], message: '"onMismatch" stands beside "contract" only.' });
}

/** When an answer from before is read in place of a new one. Contract R11. */
const reuse = z
  .strictObject({
    key: z
      .string()
      .min(1)
      .max(2000)
      .optional()
      .describe('A template: answers serve the requests that give the same text; left out: the same request.'),
    freshFor: z.number().int().min(0).max(86_400).default(0).describe('Seconds for which nothing is sent.'),
    staleFor: z
      .number()
      .int()
      .min(0)
      .max(86_400)
      .default(0)
      .describe('Seconds after these for which the answer stands in for TIMEOUT, CONNECTION_FAILURE and SERVER_ERROR.'),
    unsafe: z.boolean().default(false).describe('Whether answers to other methods than GET and HEAD are reused.'),
  })
  .refine(({ freshFor, staleFor }) => freshFor + staleFor > 0, {
    message: 'An answer is reused for some seconds: say "freshFor" or "staleFor".',
  })
  .optional()
  .describe('When an answer from before is read in place of a new one; needs a store.');

/** How an answer of 400 to 599 is read. Contract R7. */
const onFailure = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('none'),
      map: rowsOf(z.strictObject({ saveIn, header: headerOf, sensitive })).optional(),
    }),
    z.strictObject({ type: z.literal('json'), dialect, map: failureMapOf(JSON_TEXTS) }),
    z.strictObject({ type: z.literal('xml'), namespaces, map: failureMapOf(XML_TEXTS) }),
  ])
  .optional()
  .describe('How an answer of 400 to 599 is read: `{ type, map }` as in `response`; its rows have no `mandatory`.');

/** How the answer is read. Contract R4-R7. */
export const response = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('none'),
    map: rowsOf(
      z.strictObject({
        saveIn,
        header: headerOf,
        mandatory: mandatory.describe('Whether it must be there, else INVALID_RESPONSE_MAP.'),
        sensitive,
      }),
    )
      .optional()
      .describe('Rows that take headers of the answer; no other rows, for the body is not read.'),
    onFailure,
    reuse,
  }),
  z
    .strictObject({ type: z.literal('json'), dialect, map: mapOf(JSON_TEXTS), ...jsonContract, onFailure, reuse })
    .superRefine(checkContract),
  z
    .strictObject({ type: z.literal('xml'), namespaces, map: mapOf(XML_TEXTS), ...xmlContract, onFailure, reuse })
    .superRefine(checkContract),
]);
