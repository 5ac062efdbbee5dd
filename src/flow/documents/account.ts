/**
 * The account document: who owns flows. Contract D3, F7.
 * @module
 */
import * as z from 'zod';
import { type FunctionMethod, INTERNAL_FUNCTIONS } from '../internal-functions.js';
import { bridgeReference } from './bridge-reference.js';
import { auth } from '../widgets/request-auth.js';
import { exactNumber } from '../widgets/common.js';
import { languageTag } from '../widgets/prompt.js';
import { waitTimeline } from '../widgets/timeline.js';
import { dialling } from './dialling.js';
import { sms, smtp } from './message-providers.js';

/** Where a secret's value is found when it is needed: the store, or an environment variable or file of the worker. Contract W3, D3. */
export const secretReference = z.union([
  z.strictObject({ stored: z.literal(true) }),
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
]);

const timeZone = z.string().refine(isTimeZone, 'Not an IANA time zone, such as Asia/Kolkata.');
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day is HH:MM.');
const day = z.array(z.strictObject({ from: timeOfDay, to: timeOfDay })).max(10);

const HOLIDAY = 'A holiday is a day such as 2026-12-25, or 12-25 for that day of every year.';
/** A day, or that day of every year. Contract D2c. */
const holiday = z.union([
  z.iso.date(HOLIDAY),
  z
    .string()
    .regex(/^(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])$|^(0[469]|11)-(0[1-9]|[12]\d|30)$|^02-(0[1-9]|[12]\d)$/, HOLIDAY),
]);

/** Business hours by weekday, in the account's time zone, with the days when it is closed. */
export const hours = z.strictObject({
  days: z
    .partialRecord(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), day)
    .describe('`mon` to `sun`, each with at most 10 intervals `{ from, to }`; a day left out is closed.'),
  holidays: z
    .array(holiday)
    .default([])
    .describe('Days that are closed: `2026-12-25`, or `12-25` for that day of every year.'),
});

/** How calls are placed for the account: by which bridge, from which number, and how many. Contract F1. */
export const outbound = z.strictObject({
  bridge: bridgeReference.describe('The bridge that places the calls: `{ id, taskQueue }` or `{ id, url }`.'),
  from: z.string().min(1).max(100).describe('The number that is shown.'),
  callsPerSecond: z.number().min(0.01).max(100).default(1).describe('The pace.'),
  atOnce: z.number().int().min(1).max(5000).default(10).describe('Calls that are under way together, at most.'),
  ringSeconds: z.number().int().min(5).max(120).default(30).describe('Seconds that each number is rung.'),
  detectMachine: z
    .boolean()
    .default(false)
    .describe('Whether the bridge finds out who answers, which takes 1 to 5 s: `$call.answeredBy` then has a value.'),
  waitForBeep: z
    .boolean()
    .default(false)
    .describe('Whether the flow begins after the greeting and the beep of a machine; only with `detectMachine`.'),
  onlyInHours: z.boolean().default(false).describe("Whether calls wait for the account's business hours."),
});

/** What an account may take of what it shares with others. */
export const accountLimits = z.strictObject({
  callsAtOnce: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .describe('Calls that come in, at the same time. Beyond that: ACCOUNT_BUSY.'),
  callsPerSecond: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('Starts that a process of the API takes in a second. Beyond that: ACCOUNT_BUSY.'),
});

/** What differs between test and production, by the NAME of `$account.key.NAME`; never secrets. Contract V1, V3. */
const accountValues = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'A name is a letter or "_", then letters, digits or "_".'),
    z.union([z.string().max(8192), exactNumber, z.boolean()]).transform(String),
  )
  .refine((values) => Object.keys(values).length <= 200, 'An account has at most 200 values.');

/** Names a secret by which flow ends are signed. Contract E5. */
const signingSecret = z.strictObject({ secret: z.string().min(1) });

/** An account; only `id` is required. Contract D3. */
export const account = z.strictObject({
  id: z.number().int().positive().describe('A positive whole number.'),
  securityId: z.string().length(64).optional().describe('Proves who asks for outbound calls.'),
  name: z.string().max(200).optional().describe('A label for people.'),
  httpEnabled: z.boolean().default(false).describe('Whether `http:` URLs are allowed.'),
  timeZone: timeZone
    .default('UTC')
    .describe('IANA name: the times of the flow end have its offset, and business hours and dates are in it.'),
  countryCode: z
    .string()
    .regex(/^\d{1,3}$/)
    .optional()
    .describe('1 to 3 digits: numbers of contacts and agents count with and without it.'),
  ipAllowList: z
    .array(z.string())
    .default([])
    .describe('Addresses and CIDRs from which its keys and its security id are accepted; empty: all.'),
  targetAllowList: z
    .array(z.string().min(1))
    .default([])
    .describe('Hosts, `*.suffix`, addresses and CIDRs exempt from the target check.'),
  shortDomain: z.string().optional().describe('Host of its short links: `https://HOST/CODE`.'),
  secrets: z
    .record(z.string(), secretReference)
    .default({})
    .describe(
      'Name to `{ stored: true }`, `{ env: VARIABLE }` or `{ file: PATH }`, read by the worker when it is used.',
    ),
  defaultWebhook: z
    .strictObject({
      url: z.string().min(1).max(8192).describe('Where flow ends go: `https:`, or `http:` with `httpEnabled`.'),
      auth: auth.prefault({ type: 'none' }).describe('As the auth of a webhook.'),
      signingSecret: z
        .union([signingSecret, z.array(signingSecret).min(1).max(10)])
        .optional()
        .describe(
          '`{ secret: NAME }`: the secret that signs flow ends; a list of up to 10: each signs while one rolls over.',
        ),
    })
    .optional()
    .describe('Where flow ends go.'),
  sms: sms.optional().describe('The provider that takes text messages.'),
  smtp: smtp.optional().describe('The mail server and the sender.'),
  language: languageTag
    .optional()
    .describe('The language of prompts where neither they nor their flow name one: a tag of BCP 47.'),
  voice: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The voice of prompts where neither they nor their flow name one.'),
  holdTune: z.string().optional().describe('What the bridge plays as hold tune.'),
  waitTimeline: waitTimeline
    .optional()
    .describe(
      'What callers hear while a `wait` without a `timeline` of its own lasts; entries beyond that wait are dropped.',
    ),
  agents: z
    .array(
      z.strictObject({
        number: z.string().describe('The number at which the agent is rung.'),
        name: z.string().optional().describe('A label for people.'),
        paused: z
          .boolean()
          .default(false)
          .describe('Whether the agent is not rung; a pause set by function or API counts before it.'),
      }),
    )
    .default([])
    .describe('Whom `agentConnect` rings.'),
  hours: hours.optional().describe('`{ days, holidays }`: business hours, for `timeCondition`.'),
  functions: z
    .partialRecord(
      z.enum(Object.keys(INTERNAL_FUNCTIONS) as [FunctionMethod, ...FunctionMethod[]]),
      z.strictObject({ url: z.string().min(1).max(8192), auth: auth.prefault({ type: 'none' }) }),
    )
    .default({})
    .describe('Method to `{ url, auth }`: the system that carries out an internal function instead of Hookline.'),
  values: accountValues
    .optional()
    .describe('What flows read as `$account.key.NAME`: name to a text, number or boolean; no secrets.'),
  dialling: dialling
    .optional()
    .describe('What its calls may dial, or be handed over to; else cause 21, and the line `rejected`.'),
  outbound: outbound.optional().describe('How calls are placed.'),
  limits: accountLimits.prefault({}).describe('What the account may take of what accounts share.'),
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
