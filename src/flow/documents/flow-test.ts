/**
 * The test file: one call of a flow with scripted answers, and what is expected of it.
 * @module
 */
import * as z from 'zod';
import { caller } from './caller.js';

/** What a target does with one request. */
const answer = z
  .strictObject({
    status: z.number().int().min(200).max(599).optional().describe('The status of the answer; left out: 200.'),
    json: z.json().optional().describe('The body as a JSON value; sets `Content-Type: application/json`.'),
    text: z
      .string()
      .optional()
      .describe('The body as text, also for XML and for numbers with more digits than JSON.parse keeps.'),
    headers: z.record(z.string(), z.string()).optional().describe('Header to value.'),
    after: z
      .number()
      .min(0)
      .max(3600)
      .default(0)
      .describe("Seconds from the request to its answer, or to the error, of the call's time."),
    error: z
      .enum(['connection', 'timeout'])
      .optional()
      .describe('Instead of an answer: `connection` breaks it, `timeout` never answers.'),
  })
  .superRefine(({ status, json, text, headers, error }, context) => {
    const answered = { status, json, text, headers };
    if (json !== undefined && text !== undefined) {
      context.addIssue({ code: 'custom', path: ['text'], message: 'An answer has a "json" or a "text", not both.' });
    }
    for (const [field, value] of Object.entries(error === undefined ? {} : answered)) {
      if (value === undefined) continue;
      context.addIssue({
        code: 'custom',
        path: [field],
        message: `With an "error" there is no answer, so no "${field}".`,
      });
    }
  });

/** An answer of status 200 that was kept before the call. Contract R11. */
const kept = z
  .strictObject({
    json: z.json().optional().describe('The body as a JSON value; sets `Content-Type: application/json`.'),
    text: z.string().optional().describe('The body as text.'),
    headers: z.record(z.string(), z.string()).optional().describe('Header to value.'),
    age: z.number().min(0).describe('Seconds since it was kept, when the call begins.'),
  })
  .refine(({ json, text }) => json === undefined || text === undefined, {
    path: ['text'],
    message: 'An answer has a "json" or a "text", not both.',
  });

const oneOrList = <T extends z.ZodType>(schema: T, fewest: number) => z.union([schema, z.array(schema).min(fewest)]);

/** A request as it should have been sent; what is left out may be anything. */
const request = z.strictObject({
  method: z.string().optional().describe('The method.'),
  url: z.string().optional().describe('The whole URL, or path and query of it when it starts with `/`.'),
  body: z
    .json()
    .optional()
    .describe(
      'A JSON value for a JSON body: its objects have these fields with these values and may have others, its lists have the same length. A text for any other body.',
    ),
  headers: z
    .record(z.string(), z.string().nullable())
    .optional()
    .describe('Header (in any case) to value; null for one that is not sent.'),
});

const anyFields = z.record(z.string(), z.json());

/** What of the flow end's payload is compared: fields and list elements that are not named here may be anything. */
const flowEnd = z.strictObject({
  callDetails: z.array(anyFields).optional(),
  keys: z.array(z.strictObject({ name: z.string(), value: z.string().optional() })).optional(),
  'phonon-uuid': z.string().optional(),
  recordingUrls: z.array(anyFields).optional(),
});

const step = z.string().regex(/^[\w/-]+(:\w[\w-]*)?$/, 'Write WIDGET, or WIDGET:LINE.');

/** A prompt and the second in which the caller heard it begin. Contract H6. */
const heardAt = z.strictObject({ text: z.string().min(1), at: z.number().min(0).max(14_400) });

/** What is expected of the call; what is left out may be anything. */
const expected = z.strictObject({
  outcome: z
    .enum(['completed', 'hungUp', 'failed', 'cancelled', 'timedOut'])
    .optional()
    .describe('How the call ends; without it and without `error`: `completed` or `hungUp`.'),
  path: z.array(step).optional().describe('All widgets in order, `WIDGET` or `WIDGET:LINE`.'),
  passes: z.array(step).optional().describe('Some of the widgets, in order.'),
  variables: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .describe('Variable to value at the end; null for one that is absent.'),
  heard: z
    .array(z.union([z.string().min(1), heardAt]))
    .optional()
    .describe(
      'Texts, in order: each is part of a prompt that the caller heard begin; `{ text, at }` says when, in seconds after the answer of the call, give or take one.',
    ),
  notHeard: z.array(z.string().min(1)).optional().describe('Texts that are part of no prompt that the caller heard.'),
  holdTune: z.boolean().optional().describe('Whether the caller heard the hold tune.'),
  requests: z
    .record(z.string(), oneOrList(request, 0))
    .optional()
    .describe(
      'Expected requests by widget (or `flowEnd`): a list in order (`[]`: none), or one object that every request must match (at least one).',
    ),
  flowEnd: flowEnd.nullable().optional().describe("A part of the flow end's payload; null: there is none."),
  error: z.string().optional().describe('The code with which the call fails, such as `WIDGET_LIMIT`.'),
});

/** One test. */
export const flowTest = z.strictObject({
  name: z.string().min(1).max(200).optional().describe('The name of the test; left out: that of its file.'),
  flow: z.string().min(1).default('flow.json').describe("The flow's file."),
  account: z
    .string()
    .min(1)
    .optional()
    .describe("The account's file; left out: `account.json` beside the flow, else `{ id: 1 }`."),
  set: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .default({})
    .describe('Values before the first widget, as `--set`: `{ "$flow.key.order": "1001" }`.'),
  at: z.iso
    .datetime({ offset: true, error: 'A moment is written as 2026-03-08T09:30:00+05:30.' })
    .optional()
    .describe('When the call seems to begin, with an offset: `2026-03-08T09:30:00+05:30`; time runs from there.'),
  caller: z
    .union([z.string().min(1), caller])
    .optional()
    .describe('A caller file, or the path of one; left out: the caller stays on the line.'),
  answers: z
    .record(z.string(), oneOrList(answer, 1))
    .default({})
    .describe('Widget to an answer, or to a list of them.'),
  kept: z
    .record(z.string(), kept)
    .default({})
    .describe(
      'Widget to an answer that was kept before the call: `{ json, text, headers, age }`, for `response.reuse`.',
    ),
  expect: expected.prefault({}).describe('What must be true of the call.'),
});

/** A test, valid, with its defaults filled in. */
export type FlowTest = z.output<typeof flowTest>;
/** What a target does with one request. */
export type ScriptedAnswer = z.output<typeof answer>;
/** What is expected of a call. */
export type Expected = FlowTest['expect'];
/** A request as it should have been sent. */
export type ExpectedRequest = z.output<typeof request>;
/** What of a flow end is compared. */
export type ExpectedFlowEnd = z.output<typeof flowEnd>;

/** The key under which `answers` and `expect.requests` mean the flow end, unless a widget has it. */
export const FLOW_END = 'flowEnd';
