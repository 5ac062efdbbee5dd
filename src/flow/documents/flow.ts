/**
 * The flow document, format version 1. Contract D1, D2.
 * @module
 */
import * as z from 'zod';
import { widgetKey } from '../widgets/common.js';
import { widget } from '../widgets/index.js';

const flowId = z.string().regex(/^[A-Za-z0-9]{8}$/, 'A flow id is 8 letters or digits.');

/** A flow that `subflow` widgets of the same document run: its widgets and where they start. Contract C2. */
export const subflowDocument = z.strictObject({
  id: flowId,
  name: z.string().max(200).default(''),
  start: widgetKey,
  widgets: z.record(widgetKey, widget),
});

/** A flow: a versioned, immutable JSON document of widgets. */
export const flow = z.strictObject({
  hookline: z.literal(1),
  id: flowId,
  name: z.string().max(200).default(''),
  notes: z.string().max(1000).optional(),
  type: z.enum(['inbound', 'outbound']).default('inbound'),
  flowEndWebhook: z.boolean().default(false),
  start: widgetKey,
  onRemoteHangup: widgetKey.nullable().default(null),
  onFlowComplete: widgetKey.nullable().default(null),
  widgets: z.record(widgetKey, widget),
  subflows: z.array(subflowDocument).max(50).prefault([]),
});

/** A flow as the engine sees it: validated, defaults filled in. */
export type Flow = z.output<typeof flow>;

/** The largest flow document, in UTF-8 bytes. Contract V6. */
export const MAX_FLOW_BYTES = 512 * 1024;

/** A flow that `subflow` widgets run. */
export type Subflow = z.output<typeof subflowDocument>;
