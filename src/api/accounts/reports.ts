/**
 * `/v1/accounts/:account/reports`: what calls left behind, as JSON and CSV. Contract D4, R9.
 * @module
 */
import { Readable } from 'node:stream';
import * as z from 'zod';
import type { OnlyReports, StoredReport } from '../../store/reports.js';
import { readDate } from '../../flow/time/read-date.js';
import type { Owner } from '../access/owner.js';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { csvRow } from './csv.js';
import { reportedNames } from './reported-names.js';
import { moment, ofAccount, pageOf, pageQuery, plainText, variables } from './schemas.js';

const flow = z
  .string()
  .regex(/^[A-Za-z0-9]{8}$/)
  .optional()
  .describe('Only calls of this flow');
const udf = z
  .string()
  .max(1000)
  // Written so that other languages read the pattern, too.
  .regex(/^\$[a-z]+\.key\.[A-Za-z0-9_]+=[^\u0000]*$/)
  .optional()
  .describe('Only calls that persisted this value: `$flow.key.NAME=VALUE`');
const outcome = z
  .enum(['completed', 'hungUp', 'failed', 'cancelled', 'timedOut'])
  .optional()
  .describe('Only calls that ended so');
const moments = 'a day (`2026-12-01`) of the account’s time zone, or a moment with its offset';
const time = z
  .string()
  .max(40)
  .regex(/^\d{4}-\d{2}-\d{2}(T.{4,30})?$/, 'Write a day such as 2026-12-01, or 2026-12-01T09:30:00+05:30.')
  .optional();
const from = time.describe(`Only calls that began then or later: ${moments}`);
const to = time.describe(`Only calls that began before: ${moments}`);
const filter = z.object({ flow, outcome, from, to, udf });
const listQuery = pageQuery.extend(filter.shape);
const ofCall = ofAccount.extend({ call: plainText(200).describe('Workflow id') });
const shown = z.object({
  call: z.string(),
  uuid: z.string(),
  flow: z.string(),
  flowVersion: z.number().int().nullable(),
  direction: z.enum(['inbound', 'outbound']),
  from: z.string(),
  to: z.string(),
  outcome: z.string(),
  error: z.object({ code: z.string(), message: z.string(), widget: z.string().nullable() }).nullable(),
  path: z.array(
    z.object({
      widget: z.string(),
      type: z.string(),
      line: z.string().nullable(),
      lineNumber: z.number().int().nullable(),
    }),
  ),
  persisted: variables.describe('What widgets with `persist` wrote, and what the flow reports'),
  startedAt: moment,
  endedAt: moment,
});

const COLUMNS = [
  ...['call', 'uuid', 'flow', 'flowVersion', 'direction', 'from', 'to', 'outcome', 'error', 'path'],
  ...['startedAt', 'endedAt', 'persisted'],
];

/** The routes. */
export const reportRoutes = [
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/reports', scope: 'reports:read', tag: 'reports' },
    summary: 'List the reports of calls',
    isPrivate: true,
    query: listQuery,
    answers: { 200: pageOf(shown) },
    handler: list,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/reports.csv', scope: 'reports:read', tag: 'reports' },
    summary: 'All reports as CSV (RFC 4180), oldest first; a column for each variable that a flow reports',
    isPrivate: true,
    query: filter,
    answers: { 200: z.string().describe('text/csv') },
    handler: listAsCsv,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/reports/:call', scope: 'reports:read', tag: 'reports' },
    summary: 'Get the report of a call',
    isPrivate: true,
    params: ofCall,
    answers: { 200: shown },
    handler: get,
  }),
];

async function list({ context: { store }, owner, query }: Asked<{ query: typeof listQuery }>) {
  const { items, next } = await store.reports.list(owner.id, query, await only(query, owner));
  return { items: items.map(show), next };
}

async function listAsCsv({ context: { store }, owner, query, reply }: Asked<{ query: typeof filter }>) {
  // What may be refused comes first: an answer that refuses is JSON.
  const [wanted, columns] = await Promise.all([only(query, owner), reportedNames(store, owner.id, query.flow)]);
  void reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', 'attachment; filename="reports.csv"')
    .serializer((text: unknown) => text as string);
  // A stream of what the schema calls a string.
  return Readable.from(lines(store.reports.all(owner.id, wanted), columns)) as unknown as string;
}

async function get({ context: { store }, owner, params: { call } }: Asked<{ params: typeof ofCall }>) {
  const report = await store.reports.get(owner.id, call);
  if (!report) throw new RequestProblem(404, 'CALL_UNKNOWN', 'The account has no report of this call.');
  return show(report);
}

async function only({ flow, outcome, from, to, udf }: z.output<typeof filter>, owner: Owner): Promise<OnlyReports> {
  const [name = '', ...value] = udf?.split('=') ?? [];
  const zone = from === undefined && to === undefined ? 'UTC' : (await owner.account()).timeZone;
  return {
    ...{ flowId: flow, outcome, from: momentOf('from', from, zone), to: momentOf('to', to, zone) },
    udf: udf === undefined ? undefined : { name, value: value.join('=') },
  };
}

function momentOf(name: string, text: string | undefined, zone: string): Date | undefined {
  try {
    return text === undefined ? undefined : readDate(name, text, zone).moment.toJSDate();
  } catch {
    throw new RequestProblem(400, 'INVALID_VALUE', `${name}: there is no such day or moment.`);
  }
}

function show({ flowId, startedAt, endedAt, ...report }: StoredReport) {
  return { ...report, flow: flowId, startedAt: startedAt.toISOString(), endedAt: endedAt.toISOString() };
}

async function* lines(reports: AsyncGenerator<StoredReport>, names: readonly string[]): AsyncGenerator<string> {
  yield csvRow([...COLUMNS, ...names]);
  for await (const report of reports) {
    const { call, uuid, flow, flowVersion, direction, from, to, outcome, error, path, startedAt, endedAt, persisted } =
      show(report);
    const steps = path.map(({ widget, line }) => (line === null ? widget : `${widget}:${line}`)).join(' ');
    yield csvRow([
      ...[call, uuid, flow, String(flowVersion ?? ''), direction, from, to, outcome, error?.code ?? '', steps],
      ...[startedAt, endedAt, JSON.stringify(persisted)],
      ...names.map((name) => persisted[name] ?? ''),
    ]);
  }
}
