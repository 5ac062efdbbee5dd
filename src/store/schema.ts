/**
 * The tables of the store. A change here needs a migration: `npm run migrations`.
 * Documents are `json`, not `jsonb`: the order of their keys is the author's.
 * Private columns are null where `sealed` holds them, encrypted; columns that rows are found by then hold a keyed hash.
 * @module
 */
import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  customType,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Outcome, PathEntry } from '../engine/call-report.js';

const accountId = bigint({ mode: 'number' }).notNull();
const seq = bigserial({ mode: 'number' }).notNull();
const createdAt = timestamp({ withTimezone: true }).notNull().defaultNow();
const moment = () => timestamp({ withTimezone: true });
/** The private columns of a row, as `sealer.ts` encrypts them; null when they stand plain. */
const sealed = customType<{ data: Buffer }>({ dataType: () => 'bytea' })();

/** Accounts. The document holds no agents: they have a table of their own. Contract D3, F7. */
export const accounts = pgTable('accounts', {
  id: bigint({ mode: 'number' }).primaryKey(),
  seq,
  document: json().$type<Record<string, unknown>>(),
  securityId: text().unique(),
  sealed,
  /** Whether a release before 0.7 wrote it: its secrets may lie outside of the account's places. Contract C4, D3. */
  secretsAnywhere: boolean().notNull().default(true),
  createdAt,
  updatedAt: moment().notNull().defaultNow(),
});

/** Keys of the API. Only a hash is kept. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text().primaryKey(),
    seq,
    accountId,
    name: text().notNull(),
    hash: text().notNull(),
    scopes: text().array().notNull(),
    createdAt,
  },
  (table) => [index().on(table.accountId, table.seq)],
);

/** Values of secrets. They are always sealed. Contract D3. */
export const secrets = pgTable(
  'secrets',
  {
    accountId,
    name: text().notNull(),
    sealed: customType<{ data: Buffer }>({ dataType: () => 'bytea' })().notNull(),
    createdAt,
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.name] })],
);

/** Numbers that callers dial (DIDs), each with the flow that it begins. Contract B1. */
export const dids = pgTable(
  'dids',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    /** In normal form. */
    number: text().notNull().unique(),
    /** As the operator wrote it. */
    dialled: text(),
    accountId,
    flowId: text().notNull(),
    sealed,
    createdAt,
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.accountId, table.id)],
);

/** Answers by their contracts, counted for five minutes a row. Contract R10. */
export const contractCounts = pgTable(
  'contract_counts',
  {
    accountId,
    flowId: text().notNull(),
    widget: text().notNull(),
    bucket: timestamp({ withTimezone: true }).notNull(),
    answers: integer().notNull(),
    mismatches: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.flowId, table.widget, table.bucket] }),
    index().on(table.bucket),
  ],
);

/** Answers of targets that webhooks may reuse, by hashes of their requests. Contract R11. */
export const keptAnswers = pgTable(
  'kept_answers',
  {
    accountId,
    key: text().notNull(),
    /** The other party of the call that kept it, as a keyed hash where there is a key. */
    contact: text(),
    answer: text(),
    sensitive: boolean().notNull(),
    sealed,
    keptAt: timestamp({ withTimezone: true }).notNull(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.key] }),
    index().on(table.accountId, table.contact),
    index().on(table.expiresAt),
  ],
);

/** Numbers that calls of accounts dialled, without the numbers: each counts once. Rows of days before the last are deleted. Contract D3. */
export const dials = pgTable('dials', { id: uuid().primaryKey(), accountId, day: text().notNull() }, (table) => [
  index().on(table.accountId, table.day),
]);

/** How many an account dialled in a day of its time zone. Contract D3. */
export const dialDays = pgTable(
  'dial_days',
  { accountId, day: text().notNull(), dialled: integer().notNull() },
  (table) => [primaryKey({ columns: [table.accountId, table.day] })],
);

/** Flows by account; `published` is the version that new calls run. Contract C2. */
export const flows = pgTable(
  'flows',
  {
    accountId,
    id: text().notNull(),
    seq,
    name: text().notNull(),
    type: text().$type<'inbound' | 'outbound'>().notNull(),
    published: integer(),
    createdAt,
  },
  (table) => [primaryKey({ columns: [table.accountId, table.id] }), index().on(table.accountId, table.seq)],
);

/** Immutable versions of flows, numbered from 1. */
export const flowVersions = pgTable(
  'flow_versions',
  {
    accountId,
    flowId: text().notNull(),
    version: integer().notNull(),
    document: json().$type<Record<string, unknown>>(),
    checksum: text().notNull(),
    sealed,
    /** Whether it was stored before texts had defaults. Contract V2. */
    beforeDefaults: boolean().notNull().default(true),
    createdAt,
  },
  (table) => [primaryKey({ columns: [table.accountId, table.flowId, table.version] })],
);

/** Which version was published when: what a rollback goes back by. */
export const publications = pgTable(
  'publications',
  {
    seq: bigserial({ mode: 'number' }).primaryKey(),
    accountId,
    flowId: text().notNull(),
    version: integer().notNull(),
    createdAt,
  },
  (table) => [index().on(table.accountId, table.flowId, table.seq)],
);

/** Contacts by their number in normal form, with their `$user.key` variables. Contract V1, F3. */
export const contacts = pgTable(
  'contacts',
  {
    id: uuid().primaryKey().defaultRandom(),
    seq,
    accountId,
    number: text().notNull(),
    variables: json().$type<Record<string, string>>(),
    /** Names of the variables whose values are sensitive; null in rows of releases before 0.7: none. Contract V7. */
    sensitive: text().array(),
    sealed,
    createdAt,
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [unique().on(table.accountId, table.number), index().on(table.accountId, table.seq)],
);

/** Agents by their number in normal form. `dialled` is the number as the account wrote it. Contract F4. */
export const agents = pgTable(
  'agents',
  {
    accountId,
    number: text().notNull(),
    seq,
    dialled: text(),
    name: text(),
    paused: boolean().notNull().default(false),
    sealed,
    createdAt,
  },
  (table) => [primaryKey({ columns: [table.accountId, table.number] })],
);

/** Short links. `origin` is the idempotency key that made one. Contract F2. */
export const links = pgTable(
  'links',
  {
    code: text().primaryKey(),
    seq,
    accountId,
    url: text(),
    /** Whether the address holds a sensitive value. Contract V7. */
    sensitive: boolean().notNull().default(false),
    sealed,
    visits: bigint({ mode: 'number' }).notNull().default(0),
    origin: text().unique(),
    createdAt,
  },
  (table) => [index().on(table.accountId, table.seq)],
);

/** Requests for outbound calls. One checksum is taken once. Contract F1. */
export const outboundRequests = pgTable(
  'outbound_requests',
  {
    id: uuid().primaryKey(),
    seq,
    accountId,
    flowId: text().notNull(),
    /** Null: the version that is published when the call is placed. */
    flowVersion: integer(),
    checksum: text(),
    origin: text().unique(),
    createdAt,
  },
  (table) => [unique().on(table.accountId, table.checksum), index().on(table.accountId, table.seq)],
);

/** How far an outbound call is. */
export type OutboundState = 'waiting' | 'placing' | 'placed' | 'ended' | 'cancelled' | 'refused';

/** Outbound calls; the id is the call's UUID. */
export const outboundCalls = pgTable(
  'outbound_calls',
  {
    id: uuid().primaryKey(),
    seq,
    requestId: uuid()
      .notNull()
      .references(() => outboundRequests.id, { onDelete: 'cascade' }),
    accountId,
    clientIdentifier: text(),
    /** The callee's numbers, tried in turn. */
    numbers: text().array(),
    variables: json().$type<Record<string, string>>(),
    /** What of it is sensitive, by the names that `WantedCall` has for it; null: nothing. Contract V7. */
    sensitive: text().array(),
    sealed,
    startAt: moment().notNull(),
    state: text().$type<OutboundState>().notNull().default('waiting'),
    /** Workflow id, once the call is placed. */
    call: text(),
    outcome: text().$type<Outcome>(),
    refusal: text(),
    placedAt: moment(),
    endedAt: moment(),
  },
  (table) => [
    index().on(table.requestId, table.seq),
    index('outbound_calls_due')
      .on(table.accountId, table.startAt)
      .where(sql`${table.state} in ('waiting', 'placing')`),
    // For the count of all accounts: most have ended.
    index('outbound_calls_open')
      .on(table.state)
      .where(sql`${table.state} in ('waiting', 'placing', 'placed')`),
    uniqueIndex('outbound_calls_call').on(table.call),
  ],
);

/** What calls left behind. Contract D4, R9. */
export const callReports = pgTable(
  'call_reports',
  {
    call: text().primaryKey(),
    seq,
    accountId,
    flowId: text().notNull(),
    flowVersion: integer(),
    uuid: uuid().notNull(),
    direction: text().$type<'inbound' | 'outbound'>().notNull(),
    from: text(),
    to: text(),
    outcome: text().$type<Outcome>().notNull(),
    error: json().$type<{ code: string; message: string; widget: string | null }>(),
    path: json().$type<PathEntry[]>().notNull(),
    persisted: json().$type<Record<string, string>>(),
    /** Keyed hashes of what is persisted, when it is sealed. */
    persistedHashes: text().array(),
    sealed,
    startedAt: moment().notNull(),
    endedAt: moment().notNull(),
  },
  (table) => [index().on(table.accountId, table.seq), index().on(table.accountId, table.flowId, table.seq)],
);

/** Where a flow end stands. Contract E5. */
export type DeliveryState = 'pending' | 'delivered' | 'dead';

/** Flow ends that left their calls; `dead` ones are the dead letters. Contract E5. */
export const deliveries = pgTable(
  'deliveries',
  {
    /** The `webhook-id`. */
    id: text().primaryKey(),
    seq,
    accountId,
    call: text().notNull(),
    state: text().$type<DeliveryState>().notNull(),
    attempts: integer().notNull().default(0),
    detail: text().notNull().default(''),
    /** Where it goes. Null in rows of releases before 0.4: there it is within `delivery`. */
    url: text(),
    /** What the workflow of the delivery was started with, for a replay. */
    delivery: json().$type<unknown>(),
    sealed,
    createdAt,
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    index().on(table.accountId, table.state, table.seq),
    // For the count of all accounts: most are delivered.
    index('deliveries_undelivered')
      .on(table.state)
      .where(sql`${table.state} <> 'delivered'`),
  ],
);

/** Who made an attempt: the call, the delivery that continues after it, or one that was sent again. */
export type AttemptBy = 'call' | 'delivery' | 'replay';

/** Attempts to deliver flow ends, in their calls and after them; the newest of each. Contract E5. */
export const deliveryAttempts = pgTable(
  'delivery_attempts',
  {
    seq: bigserial({ mode: 'number' }).primaryKey(),
    accountId,
    /** The `webhook-id`. */
    delivery: text().notNull(),
    by: text().$type<AttemptBy>().notNull(),
    at: moment().notNull(),
    /** Null: no answer came. */
    status: integer(),
    /** The status, or why there is no status, in words. */
    detail: text().notNull(),
    durationMs: integer().notNull(),
    /** The first KB of the answer's body; null: none came. */
    answer: text(),
    sealed,
  },
  (table) => [index().on(table.delivery, table.seq)],
);

/** Endpoints whose last attempt failed: a row goes when one takes a flow end. Contract E5. */
export const endpoints = pgTable(
  'endpoints',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    accountId,
    url: text().notNull(),
    /** Attempts that failed in a row. */
    failures: integer().notNull(),
    failingSince: moment().notNull(),
    detail: text().notNull(),
    /** Null: it is not paused. */
    pausedAt: moment(),
    /** The `webhook-id` of the delivery that tries whether it is back, how often it has, and when it will. */
    prober: text(),
    probes: integer().notNull().default(0),
    probeAt: moment(),
  },
  (table) => [unique().on(table.accountId, table.url)],
);

/** What an entry of the audit is about: something was changed, a private record was read, or a request was refused. */
export type AuditOutcome = 'changed' | 'read' | 'refused';

/** What was done through the API, and what was refused. */
export const auditLog = pgTable(
  'audit_log',
  {
    seq: bigserial({ mode: 'number' }).primaryKey(),
    accountId,
    /** Id of a key, or `operator`. */
    by: text().notNull(),
    action: text().notNull(),
    /** Ids in the path. */
    target: json().$type<Record<string, string>>().notNull(),
    outcome: text().$type<AuditOutcome>().notNull().default('changed'),
    /** JSON pointers of the fields that a change set; null in rows of releases before 0.7. */
    fields: text().array(),
    at: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.accountId, table.seq)],
);

/** Answers to POSTs that carried an `Idempotency-Key`. Account 0 stands for the operator. */
export const idempotentAnswers = pgTable(
  'idempotent_answers',
  {
    accountId,
    key: text().notNull(),
    request: text().notNull(),
    /** Null while the first request is under way. */
    status: integer(),
    body: text(),
    sealed,
    createdAt,
  },
  (table) => [primaryKey({ columns: [table.accountId, table.key] }), index().on(table.createdAt)],
);
