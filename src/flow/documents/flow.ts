/**
 * The flow document, format version 1. Contract D1, D2.
 * @module
 */
import * as z from 'zod';
import { exactNumber, flowId, sensitive, text, variableName, widgetKey } from '../widgets/common.js';
import { widget } from '../widgets/index.js';

/** A value that the calls of a flow begin with. Contract D2b. */
const input = z.strictObject({
  required: z
    .boolean()
    .default(false)
    .describe('Whether a call is refused that has no value of it; one with a default always has.'),
  default: z
    .union([text, exactNumber, z.boolean()])
    .transform(String)
    .optional()
    .describe('Its value where the start gives none: a text (no template), number or boolean.'),
  sensitive,
  notes: z.string().max(1000).optional().describe('For people.'),
});

/** A flow that `subflow` widgets of the same document run: its widgets and where they start. Contract C2. */
export const subflowDocument = z.strictObject({
  id: flowId,
  name: z.string().max(200).default(''),
  start: widgetKey.describe('Key of the first widget.'),
  widgets: z.record(widgetKey, widget).describe('Key to widget.'),
});

/** A flow: a versioned, immutable JSON document of widgets. */
export const flow = z.strictObject({
  hookline: z.literal(1).describe('The version of the format.'),
  id: flowId.describe('8 letters or digits.'),
  name: z.string().max(200).default('').describe('A label for people.'),
  notes: z.string().max(1000).optional().describe('For people.'),
  type: z.enum(['inbound', 'outbound']).default('inbound').describe('Whether calls of the flow come in or are placed.'),
  flowEndWebhook: z
    .boolean()
    .default(false)
    .describe('Whether the flow end is sent; needs an account with a `defaultWebhook`.'),
  record: z
    .boolean()
    .default(false)
    .describe(
      'Whether calls are recorded as a whole, both sides; what [sensitive](sensitive.md) widgets say and gather is left out.',
    ),
  language: text
    .optional()
    .describe('The language of prompts that name none: a tag of BCP 47, or a text whose variables give one.'),
  voice: text.optional().describe('The voice of prompts that name none; its variables are replaced.'),
  inputs: z
    .record(variableName, input)
    .optional()
    .describe('Variable to what is known of its value at the start: `{ required, default, sensitive, notes }`.'),
  report: z
    .array(variableName)
    .max(100)
    .optional()
    .describe("Variables whose values at the end are kept in the call's report, each a column in the CSV of reports."),
  start: widgetKey.describe('Key of the first widget.'),
  onRemoteHangup: widgetKey
    .nullable()
    .default(null)
    .describe('Key of the first widget after a hang-up by the other party.'),
  onFlowComplete: widgetKey
    .nullable()
    .default(null)
    .describe('Key of the first widget of the branch that always runs last.'),
  widgets: z.record(widgetKey, widget).describe('Key (a letter, then up to 63 letters, digits, `_`, `-`) to widget.'),
  subflows: z
    .array(subflowDocument)
    .max(50)
    .prefault([])
    .describe('Flows that `subflow` widgets run: `id`, `name`, `start`, `widgets`.'),
});

/** A flow as the engine sees it: validated, defaults filled in. */
export type Flow = z.output<typeof flow>;

/** The largest flow document, in UTF-8 bytes. Contract V6. */
export const MAX_FLOW_BYTES = 512 * 1024;

/** A flow that `subflow` widgets run. */
export type Subflow = z.output<typeof subflowDocument>;
