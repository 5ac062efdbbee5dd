/**
 * The account document: who owns flows. Contract D3, F7.
 * @module
 */
import * as z from 'zod';
import { parseSender } from '../messages/email-address.js';
import { type FunctionMethod, INTERNAL_FUNCTIONS } from '../internal-functions.js';
import { bridgeReference } from './bridge-reference.js';
import { secretable } from '../widgets/common.js';
import { auth } from '../widgets/webhook.js';

/** Where a secret's value is found when it is needed: an environment variable or a file of the worker. Contract W3. */
export const secretReference = z.union([
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
]);

const timeZone = z.string().refine(isTimeZone, 'Not an IANA time zone, such as Asia/Kolkata.');
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day is HH:MM.');
const day = z.array(z.strictObject({ from: timeOfDay, to: timeOfDay })).max(10);

/** Business hours by weekday, in the account's time zone, with the days when it is closed. */
export const hours = z.strictObject({
  days: z.partialRecord(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), day),
  holidays: z.array(z.iso.date()).default([]),
});

/** The provider that takes text messages: our request goes there. Contract W2, W3, W11. */
export const sms = z.strictObject({
  url: z.string().min(1).max(8192),
  auth: auth.prefault({ type: 'none' }),
  headers: z
    .array(z.strictObject({ key: z.string().min(1), value: z.string() }))
    .max(100)
    .default([]),
  from: z.string().min(1).max(50).optional(),
});

/** The server that takes email. Left out, `secure` (TLS from the first byte) is whether the port is 465. Contract W3, W11. */
export const smtp = z.strictObject({
  host: z
    .string()
    .max(253)
    .regex(/^([\p{L}\p{N}.-]+|[0-9A-Fa-f:.]+)$/u, 'A host is a name or an address, without scheme and port.'),
  port: z.number().int().min(1).max(65_535).default(587),
  secure: z.boolean().optional(),
  requireTls: z.boolean().default(true),
  auth: z.strictObject({ username: secretable, password: secretable }).optional(),
  from: z
    .string()
    .max(500)
    .refine((text) => parseSender(text) !== undefined, 'A sender is name@example.com or Name <name@example.com>.'),
});

/** How calls are placed for the account: by which bridge, from which number, and how many. Contract F1. */
export const outbound = z.strictObject({
  bridge: bridgeReference,
  from: z.string().min(1).max(100),
  callsPerSecond: z.number().min(0.01).max(100).default(1),
  atOnce: z.number().int().min(1).max(5000).default(10),
  ringSeconds: z.number().int().min(5).max(120).default(30),
  onlyInHours: z.boolean().default(false),
});

/** What an account may take of what it shares with others. */
export const accountLimits = z.strictObject({
  /** Calls that come in, at the same time. */
  callsAtOnce: z.number().int().min(1).max(100_000).default(1000),
  /** Starts that a process of the API takes in a second. */
  callsPerSecond: z.number().int().min(1).max(10_000).default(100),
});

/** An account; only `id` is required. Contract D3. */
export const account = z.strictObject({
  id: z.number().int().positive(),
  securityId: z.string().length(64).optional(),
  name: z.string().max(200).optional(),
  httpEnabled: z.boolean().default(false),
  timeZone: timeZone.default('UTC'),
  countryCode: z
    .string()
    .regex(/^\d{1,3}$/)
    .optional(),
  ipAllowList: z.array(z.string()).default([]),
  targetAllowList: z.array(z.string().min(1)).default([]),
  shortDomain: z.string().optional(),
  secrets: z.record(z.string(), secretReference).default({}),
  defaultWebhook: z
    .strictObject({
      url: z.string().min(1).max(8192),
      auth: auth.prefault({ type: 'none' }),
      signingSecret: z.strictObject({ secret: z.string().min(1) }).optional(),
    })
    .optional(),
  sms: sms.optional(),
  smtp: smtp.optional(),
  holdTune: z.string().optional(),
  agents: z
    .array(z.strictObject({ number: z.string(), name: z.string().optional(), paused: z.boolean().default(false) }))
    .default([]),
  hours: hours.optional(),
  functions: z
    .partialRecord(
      z.enum(Object.keys(INTERNAL_FUNCTIONS) as [FunctionMethod, ...FunctionMethod[]]),
      z.strictObject({ url: z.string().min(1).max(8192), auth: auth.prefault({ type: 'none' }) }),
    )
    .default({}),
  outbound: outbound.optional(),
  limits: accountLimits.prefault({}),
});

/** An account as the engine sees it: validated, defaults filled in. */
export type Account = z.output<typeof account>;
/** Where one secret's value is found. */
export type SecretReference = z.output<typeof secretReference>;

/** Whether the runtime knows a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
