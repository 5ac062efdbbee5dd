/**
 * The test file: one call of a flow with scripted answers, and what is expected of it.
 * @module
 */
import * as z from 'zod';
import { caller } from './caller.js';

/** What a target does with one request. */
const answer = z
  .strictObject({
    /** Default 200. */
    status: z.number().int().min(200).max(599).optional(),
    json: z.json().optional(),
    text: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    /** Seconds from the request to its answer, or to the error. */
    after: z.number().min(0).max(3600).default(0),
    /** Instead of an answer: the connection breaks, or nothing ever comes. */
    error: z.enum(['connection', 'timeout']).optional(),
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

const oneOrList = <T extends z.ZodType>(schema: T, fewest: number) => z.union([schema, z.array(schema).min(fewest)]);

/** A request as it should have been sent; what is left out may be anything. */
const request = z.strictObject({
  method: z.string().optional(),
  /** The whole URL, or path and query of it when it starts with `/`. */
  url: z.string().optional(),
  /** A JSON value for a JSON body, of whose objects only the fields named are compared; a text for any other. */
  body: z.json().optional(),
  /** By name in any case; null for a header that is not sent. */
  headers: z.record(z.string(), z.string().nullable()).optional(),
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

/** What is expected of the call; what is left out may be anything. */
const expected = z.strictObject({
  outcome: z.enum(['completed', 'hungUp', 'failed', 'cancelled', 'timedOut']).optional(),
  /** All widgets in order, each with its line or without. */
  path: z.array(step).optional(),
  /** Some of them, in order. */
  passes: z.array(step).optional(),
  /** By full name; null for one that is absent. */
  variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  /** Parts of prompts that the caller heard, in order. */
  heard: z.array(z.string().min(1)).optional(),
  /** Parts of prompts that the caller did not hear. */
  notHeard: z.array(z.string().min(1)).optional(),
  /** Whether the caller heard the hold tune. */
  holdTune: z.boolean().optional(),
  /** By widget: a list for all its requests in turn, `[]` for none; one stands for each of them, and there is one. */
  requests: z.record(z.string(), oneOrList(request, 0)).optional(),
  flowEnd: flowEnd.nullable().optional(),
  /** The code with which the call fails. */
  error: z.string().optional(),
});

/** One test. */
export const flowTest = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  flow: z.string().min(1).default('flow.json'),
  account: z.string().min(1).optional(),
  set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
  at: z.iso.datetime({ offset: true, error: 'A moment is written as 2026-03-08T09:30:00+05:30.' }).optional(),
  caller: z.union([z.string().min(1), caller]).optional(),
  answers: z.record(z.string(), oneOrList(answer, 1)).default({}),
  expect: expected.prefault({}),
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
