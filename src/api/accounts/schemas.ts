/**
 * Shapes that several routes share.
 * @module
 */
import * as z from 'zod';

/** Text that a database can keep. */
export const plainText = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\u0000]*$/, 'It holds a NUL character.');

const accountId = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).describe('Id of the account');
/** `:account`. */
export const ofAccount = z.object({ account: accountId });

/** `limit` and `after` of a list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Entries of a page'),
  after: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9_-]*$/)
    .optional()
    .describe('`next` of the page before'),
});

/** A page of a list, newest first. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable().describe('For `after`; null on the last page') });

/** An error: RFC 9457, with a code of the catalogue. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string().describe('One of docs/reference/errors.md'),
  detail: z.string(),
  errors: z
    .array(z.object({ code: z.string(), pointer: z.string(), message: z.string() }))
    .optional()
    .describe('Every fault, with its JSON pointer'),
});

/** Faults and warnings of a document. */
export const findings = z.object({
  errors: z.array(z.object({ code: z.string(), pointer: z.string(), message: z.string() })),
  warnings: z.array(z.object({ code: z.string(), pointer: z.string(), message: z.string() })),
});

/** A moment, ISO 8601. */
export const moment = z.iso.datetime({ offset: true });

/** A document of ours; `hookline schema` prints its JSON Schema. */
export const document = z.record(z.string(), z.unknown());

/** Variables by full name, such as `$flow.key.order`. */
export const variables = z.record(z.string(), z.string());

/** Answers that every route may give beside its own. */
export const problems = {
  400: problem,
  401: problem,
  403: problem,
  404: problem,
  409: problem,
  413: problem,
  415: problem,
  422: problem,
  429: problem,
  431: problem,
  503: problem,
} as const;
