/**
 * The recorded call: what the history of a call keeps of it, as a document that outlives the history.
 * It holds callers' data, as the history does, and no secret but one that the flow or account itself spells out.
 * @module
 */
import * as z from 'zod';
import { account } from './account.js';
import { caller } from './caller.js';
import { flow } from './flow.js';
import { WEBHOOK_REASONS, type WebhookReason } from '../errors.js';
import { webhook } from '../widgets/webhook.js';

const { request, response, retry } = webhook.shape;

const values = z.record(z.string(), z.string());
const moment = z.iso.datetime({ offset: true });

/** What became of a request, as its activity told it. Contract R. */
const outcome = z.object({
  line: z.enum(['success', 'failure']),
  statusCode: z.number().int().optional(),
  duration: z.number(),
  /** The answer's text, cut to 64 KiB. Contract R8. */
  raw: z.string().optional(),
  truncated: z.boolean(),
  reason: z.enum(Object.keys(WEBHOOK_REASONS) as [WebhookReason, ...WebhookReason[]]).optional(),
  detail: z.string().optional(),
  rows: z.array(z.tuple([z.string(), z.string().nullable()])),
  /** The `saveIn` of each row that wrote; absent in records of before 0.7. Contract R5. */
  savedIn: z.array(z.string()).optional(),
  /** Of an answer that was kept: its age in seconds, whether it stood in for a failure, and the mark of its request. Contract R11, V7. */
  age: z.number().optional(),
  stale: z.boolean().optional(),
  sensitive: z.literal(true).optional(),
  /** Where the answer broke its contract; absent: it was judged by none. Contract R10. */
  mismatches: z.array(z.object({ at: z.string(), expected: z.string() })).optional(),
  attempts: z.number().int(),
});

const asked = {
  /** As the path names it. */
  widget: z.string(),
  /** 1 for its first. */
  visit: z.number().int().min(1),
  /** Whether the caller waited. Contract H3. */
  waited: z.boolean(),
  /** Seconds that the answer had. */
  timeout: z.number(),
  /** Values of the variables that went into it, by full name. */
  variables: values,
  /** The names of those whose values are sensitive; absent: none. Contract V7. */
  sensitive: z.array(z.string()).optional(),
  /** From its start to its end. */
  seconds: z.number().min(0),
  /** Null: the call went on before there was one. */
  outcome: outcome.nullable(),
};

/** One thing that the call asked of the world, and what came of it; the templates as they stand in the flow. */
export const recordedRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('webhook'), ...asked, request, response, retry }),
  z.strictObject({ type: z.literal('function'), ...asked, method: z.string(), remote: z.json().optional() }),
  z.strictObject({ type: z.literal('email'), ...asked, email: z.json(), smtp: z.json() }),
]);

const pathEntry = z.object({
  widget: z.string(),
  type: z.string(),
  line: z.string().nullable(),
  lineNumber: z.number().int().nullable(),
});

/** A call that has ended, as it was recorded. */
export const recordedCall = z.strictObject({
  /** The format's version. */
  hooklineCall: z.literal(1),
  /** The workflow id. */
  call: z.string(),
  /** The bridge's own id of the call. */
  id: z.string(),
  /** Null where the history does not tell it. */
  uuid: z.string().nullable(),
  direction: z.enum(['inbound', 'outbound']),
  startedAt: moment,
  endedAt: moment,
  account,
  flow,
  flowVersion: z.number().int().nullable(),
  /** Values before the first widget. */
  variables: values,
  /** What the parties did, for the simulated caller. */
  caller,
  requests: z.array(recordedRequest),
  /** The agents that the call was given when it asked for one, null for none. */
  agents: z.array(z.string().nullable()),
  /** Texts that the caller heard to their end. */
  heard: z.array(z.string()),
  holdTune: z.boolean(),
  /** What the record cannot tell of this call. */
  doubts: z.array(
    z.strictObject({ code: z.enum(['dialledUnlike', 'unanswered', 'cutBody', 'sensitive']), message: z.string() }),
  ),
  report: z.object({
    outcome: z.enum(['completed', 'hungUp', 'failed', 'cancelled', 'timedOut']),
    path: z.array(pathEntry),
    variables: values,
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    flowEnd: z.object({ callDetails: z.array(z.record(z.string(), z.json())) }).nullable(),
  }),
});

/** A call that has ended, as it was recorded. */
export type RecordedCall = z.output<typeof recordedCall>;
/** One thing that a recorded call asked of the world. */
export type RecordedRequest = RecordedCall['requests'][number];
/** The request of a webhook, or of an `sms`. */
export type RecordedWebhook = Extract<RecordedRequest, { type: 'webhook' }>;
