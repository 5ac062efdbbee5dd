/**
 * Calls through which a PIN, a one-time password and a number go, on a real server with a store, an API and workers, and
 * everything that shows or keeps anything of them. Nothing is encrypted, so that a value that stands somewhere is found. Contract V7.
 * @module
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startApi } from '../../src/api/api.js';
import { callProgress } from '../../src/calls/read-call.js';
import type { CallProgress, CallReport } from '../../src/engine/call-report.js';
import { startEmbedded } from '../../src/store/embedded.js';
import { openStore, type Store } from '../../src/store/store.js';
import { httpBridgeSettings } from '../../src/telephony/http/bridge-http-settings.js';
import { BridgeError } from '../../src/telephony/bridge-error.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { Collector } from '../support/collector.js';
import { DevStack } from '../support/dev-stack.js';
import { testLog } from '../support/log.js';
import { flowOf } from '../support/rig.js';
import { answer, json, Target } from '../support/target.js';
import { hookline } from './command.js';

/** The values, each in a form that stands nowhere else. */
export const VALUES = { pin: '73915204', otp: 'otp-5b1e77aa', shouted: 'OTP-5B1E77AA', number: '919866600012' };

const CALLER = '919847362514';
const CALLEE = '919847362515';
const OPERATOR = 'operator-key-of-the-tests-0123456789';
const ACCOUNT = 163;
const SECURITY_ID = 's'.repeat(64);

/** What shows or keeps something, by the name of the place. */
export interface Shown {
  places: Record<string, string>;
  /** What the first call, the next call of the same contact, and the call that was placed told their flow ends' target. */
  flowEnds: { keys: { name: string; value: string }[]; recordingUrls?: { recordedFilePublicPath: string }[] }[];
  report: CallReport;
  /** Of the next call of the same contact. */
  timeline: CallProgress['timeline'];
  /** How many runs the first call had. */
  runs: number;
  /** What targets were sent. */
  sent: string;
  /** What the bridge was told. */
  commands: string;
  /** What the file of the exported call, as a document, says. */
  exported: Record<string, unknown>;
}

/** Runs the calls and collects all of it. */
export async function sensitiveRun(): Promise<Shown> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-sensitive-'));
  const [own, stack, target, collector] = await Promise.all([
    startEmbedded(null),
    DevStack.start(),
    Target.start(),
    Collector.start(),
  ]);
  const store = await openStore(own.url);
  const port = await freePort();
  const log: string[] = [];
  const api = await startApi({
    ...{ client: stack.client, searchAttributes: true, host: '127.0.0.1', port, http: httpBridgeSettings({}) },
    accounts: { store, operatorKey: OPERATOR, requestsPerMinute: 1_000_000 },
    log: testLog((line) => log.push(JSON.stringify(line))),
  });
  try {
    const metricsAddress = `127.0.0.1:${await freePort()}`;
    await stack.startWorker({
      ...{ DATABASE_URL: own.url, HOOKLINE_PUBLIC_URL: api.url, HOOKLINE_RENEW_AFTER_EVENTS: '40' },
      ...{ HOOKLINE_METRICS_ADDRESS: metricsAddress, HOOKLINE_LOG_LEVEL: 'info', HOOKLINE_DEBUG: '1' },
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '100' },
    });
    const get = async (path: string, body?: object) => {
      const response = await fetch(`${api.url}/v1/accounts/${ACCOUNT}${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { authorization: `Bearer ${OPERATOR}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.status >= 300) throw new Error(`${path}: ${response.status} ${text}`);
      return text;
    };
    await fillStore(store, stack, target);
    const { handle, report } = await stack.call(firstCall(target));
    const first = await report();
    if (first.path.some(({ line, widget }) => line === 'failure' && !/^(broken|refused)$/.test(widget)))
      throw new Error(`The call did not go as it should: ${JSON.stringify(first)}`);
    const progress = await callProgress(handle);
    const atOnce = await get(`/calls/${handle.workflowId}`);
    const next = await stack.call(nextCall(target));
    await next.report();
    const placed = await placedCall(stack, store);
    const { timeline } = await callProgress(next.handle);
    const call = handle.workflowId;
    const env = { TEMPORAL_ADDRESS: stack.server.address, HOOKLINE_CODEC: 'off' };
    const files = await documents(folder, target);
    const exported = await hookline(['call', 'export', call], env);
    const asTest = await hookline(['call', 'export', call, '--as-test'], env);
    const run = ['run', files.flow, '--account', files.account, '--caller', files.caller];
    const test = [
      'webhook',
      'test',
      files.flow,
      'ask',
      '--account',
      files.account,
      '--set',
      `$flow.key.pin=${VALUES.pin}`,
    ];
    const printed = async (args: string[]) => {
      const { stdout, stderr } = await hookline(args, env);
      return stdout + stderr;
    };
    const places = {
      'the timeline of the query': JSON.stringify(progress.timeline),
      'the timeline of the next call': JSON.stringify(timeline),
      'the report of the query': JSON.stringify(progress.report),
      'the report of the call': JSON.stringify(first),
      'the call in the API': atOnce,
      'the reports in the API': await get('/reports'),
      'a report in the API': await get(`/reports/${call}`),
      'the reports as CSV': await get('/reports.csv'),
      'the contacts in the API': `${await get('/contacts')}${await get('/contacts/lookup', { number: CALLER })}`,
      'what the API answers when it saves a contact': await get('/contacts', {
        ...{ number: CALLER, variables: { '$user.key.colour': 'red' } },
      }),
      'the outbound calls in the API': await get(`/outbound/${placed.request}`),
      'the links in the API': await get('/links'),
      'the deliveries in the API': await get('/deliveries'),
      'the flow ends': target.of('/end').map(({ body }) => body).join('\n'), // prettier-ignore
      'the store': await rowsOf(own.url),
      'the export': exported.stdout + exported.stderr,
      'the export as a test': asTest.stdout + asTest.stderr,
      'hookline run': await printed(run),
      'hookline run --json': await printed([...run, '--json']),
      'hookline webhook test': await printed(test),
      'hookline webhook test --json': await printed([...test, '--json']),
      'the summaries of steps in Temporal': await summariesOf(stack, call),
      'what lists of Temporal show': await listsOf(stack),
      'the log of the API': log.join('\n'),
      'the log of worker and server': stack.output,
      'the traces': collector.text,
      'the metrics': await (await fetch(`http://${metricsAddress}/metrics`)).text(),
    };
    const sent = target.received.filter(({ path }) => path !== '/end').map(({ path, body }) => `${path}\n${body}`);
    return {
      ...{ places, report: first, timeline, runs: await runsOf(stack, call), sent: sent.join('\n') },
      commands: JSON.stringify(stack.commands),
      flowEnds: target.of('/end').map(({ body }) => JSON.parse(body) as Shown['flowEnds'][number]),
      exported: JSON.parse(exported.stdout) as Record<string, unknown>,
    };
  } finally {
    await api.stop();
    await stack.stop();
    await store.close();
    await Promise.all([own.stop(), target.stop(), collector.stop(), rm(folder, { recursive: true, force: true })]);
  }
}

async function fillStore(store: Store, stack: DevStack, target: Target): Promise<void> {
  const bridge = { id: stack.simulator.bridge.id, taskQueue: stack.simulator.taskQueue };
  const outbound = { bridge, from: '912266000000', callsPerSecond: 10, atOnce: 10 };
  const document = { ...account(target), id: ACCOUNT, securityId: SECURITY_ID, outbound, agents: [] };
  await store.accounts.create(ACCOUNT, document);
  const flow = { id: 'placed01', name: 'Placed', type: 'outbound' as const };
  await store.flows.save(ACCOUNT, flow, { ...placedFlow(), ...flow });
  await store.flows.publish(ACCOUNT, 'placed01', 1);
  target
    .on('/otp', json({ otp: VALUES.otp, number: VALUES.number, list: [VALUES.otp, VALUES.otp], echoed: VALUES.pin }))
    .on('/refuse', answer(422, JSON.stringify({ wrong: VALUES.pin })))
    .on('/free', json({ otp: VALUES.otp }))
    .on('/sms', answer(200))
    .on('/end', answer(500, VALUES.pin.slice(0, 0)), answer(204));
  // A bridge that repeats in its own words what it was to say.
  const { bridge: simulated } = stack.simulator;
  const obey = simulated.bridgeCommand.bind(simulated);
  simulated.bridgeCommand = async (command) => {
    if (command.type === 'play' && JSON.stringify(command).includes('say-it-badly'))
      throw new BridgeError('MEDIA_FAILED', `cannot say: ${JSON.stringify(command.prompts)}`);
    return obey(command);
  };
}

function account(target: Target): object {
  return {
    ...{ httpEnabled: true, targetAllowList: ['127.0.0.1'], countryCode: '91' },
    ...{ defaultWebhook: { url: target.url('/end') }, sms: { url: target.url('/sms') } },
  };
}

const assign = (next: string, ...rows: object[]) => ({ type: 'storeVariable', assign: rows, lines: { next } });
const say = (text: string, next: string) => ({ type: 'play', prompt: { text }, lines: { next, failure: next } });
const set = (saveIn: string, value: string | null) => ({ saveIn, value });

/** A call that takes the values through everything that there is. */
function firstCall(target: Target) {
  const ask = (path: string, next: string, more: object = {}) => ({
    type: 'webhook',
    request: {
      method: 'POST',
      url: `${target.url(path)}?q=$flow.key.pin`,
      body: { type: 'text', content: '$flow.key.pin' },
    },
    ...{ persist: true, lines: { success: next, failure: next }, ...more },
  });
  const rows = [
    ...[{ saveIn: '$flow.key.otp', path: 'data.otp', sensitive: true, mandatory: true }],
    ...[{ saveIn: '$flow.key.number', path: 'data.number', sensitive: true }],
    ...[{ saveIn: '$flow.key.list', path: 'data.list', sensitive: true }],
  ];
  const widgets = {
    answer: { type: 'answerCall', lines: { next: 'pin' } },
    pin: {
      ...{ type: 'collectDigits', saveIn: '$flow.key.pin', sensitive: true, min: 8, max: 8 },
      ...{ prompt: { text: 'Your PIN' }, lines: { next: 'ask' } },
    },
    ask: ask('/otp', 'keep', { response: { type: 'json', map: rows } }),
    keep: assign(
      'shout',
      set('$flow.key.copy', 'The PIN is $flow.key.pin'),
      set('$flow.key.item', '$flow.key.list_2'),
      set('$user.key.pin', '$flow.key.pin'),
      set('$flow.key.short', '$flow.key.pin'),
      set('$flow.key.short', null),
      { ...set('$flow.key.literal', 'nobody sees it'), sensitive: true },
    ),
    shout: {
      ...{ type: 'operation', operation: { do: 'uppercase', text: '$flow.key.otp' } },
      ...{ saveIn: '$flow.key.shouted', lines: { next: 'say' } },
    },
    say: say('Your code is $flow.key.shouted', 'broken'),
    broken: say('say-it-badly $flow.key.copy', 'refused'),
    refused: ask('/refuse', 'free'),
    // Its request holds nothing sensitive, its answer does.
    free: {
      ...{ type: 'webhook', request: { method: 'GET', url: target.url('/free') }, lines: { success: 'later' } },
      response: { type: 'json', map: [{ saveIn: '$flow.key.free', path: 'data.otp', sensitive: true }] },
    },
    later: ask('/refuse', 'count', { wait: { enabled: false } }),
    count: { type: 'counter', limit: 12, lines: { next: 'again', exceeded: 'text' } },
    again: say('Once more $flow.key.otp', 'count'),
    text: { type: 'sms', to: '$call.cli.number', text: 'Code: $flow.key.otp', lines: { success: 'toLink' } },
    toLink: assign('link', set('$flow.key.longUrl', 'https://example.com/?code=$flow.key.otp')),
    link: { type: 'function', method: 'shortURL', lines: { success: 'toContact', failure: 'toContact' } },
    toContact: assign(
      'contact',
      set('$user.syskey.contactNumber', '$call.cli.number'),
      set('$user.syskey.accountID', String(ACCOUNT)),
    ),
    contact: { type: 'function', method: 'updateUserPreferences', lines: { success: 'toPlace' } },
    toPlace: assign(
      'place',
      set('$flow.key.callee', CALLEE),
      set('$flow.syskey.apiVersion', '1.0'),
      set('$flow.syskey.securityID', SECURITY_ID),
      set('$flow.syskey.flowID', 'placed01'),
      set('$flow.syskey.clientID', 'client-$flow.key.otp'),
      set('$flow.syskey.contactNumbers', '$flow.key.number'),
    ),
    place: {
      ...{ type: 'function', method: 'createOutbound', parameters: ['flow.key', 'user.key'] },
      lines: { success: 'record' },
    },
    record: {
      ...{ type: 'record', saveIn: '$flow.key.recording', sensitive: true, maxSeconds: 5, silenceSeconds: 1 },
      lines: { next: 'dial', noInput: 'dial' },
    },
    dial: { type: 'makeCall', to: '$flow.key.number', lines: { next: 'bye', failure: 'bye' } },
    bye: { type: 'hangUp' },
  };
  return {
    flow: flowOf(widgets, { flowEndWebhook: true }),
    account: { ...account(target), id: ACCOUNT, securityId: SECURITY_ID },
    caller: {
      from: CALLER,
      steps: [{ press: VALUES.pin }, { until: { widget: 'record' } }, { say: 'my secret' }],
      legs: { [VALUES.number]: { steps: [{ hangUp: true }] } },
    },
  };
}

/** The next call of the same contact. */
function nextCall(target: Target) {
  const widgets = {
    answer: { type: 'answerCall', lines: { next: 'say' } },
    say: say('Welcome back $user.key.pin', 'bye'),
    bye: { type: 'hangUp' },
  };
  const caller = { from: CALLER };
  return { flow: flowOf(widgets, { flowEndWebhook: true }), account: { ...account(target), id: ACCOUNT }, caller };
}

function placedFlow(): object {
  const widgets = {
    answer: { type: 'answerCall', lines: { next: 'say' } },
    say: say('This is $flow.key.copy, $flow.key.otp of $call.dnis.number', 'bye'),
    bye: { type: 'hangUp' },
  };
  return flowOf(widgets, { flowEndWebhook: true });
}

/** Waits for the end of the call that the first one had placed. */
async function placedCall(stack: DevStack, store: Store): Promise<{ request: string }> {
  const [request] = (await store.outbound.lists.list(ACCOUNT, { limit: 10 })).items;
  if (!request) throw new Error('No call was placed.');
  const deadline = Date.now() + 20_000;
  for (;;) {
    const [call] = await store.outbound.lists.calls(ACCOUNT, request.id);
    if (call?.state === 'ended' && call.call !== null) {
      await stack.client.workflow.getHandle(call.call).result();
      return { request: request.id };
    }
    if (Date.now() > deadline) throw new Error(`The placed call is ${call?.state} (${call?.refusal}).`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The files of a short call, for the commands. */
async function documents(folder: string, target: Target) {
  const { flow, caller } = firstCall(target);
  const { widgets } = flow as { widgets: Record<string, object> };
  const short = {
    ...widgets,
    ...{ ask: { ...widgets.ask, lines: { success: 'say' } }, say: say('Your code is $flow.key.otp', 'bye') },
  };
  const texts = {
    flow: flowOf(short),
    account: { ...account(target), id: 164 },
    caller: { from: CALLER, steps: caller.steps.slice(0, 1) },
  };
  const files = Object.entries(texts).map(([name, text]) => [name, join(folder, `${name}.json`), text] as const);
  for (const [, file, text] of files) await writeFile(file, JSON.stringify(text));
  return Object.fromEntries(files.map(([name, file]) => [name, file])) as Record<keyof typeof texts, string>;
}

/** Every row of the store, but for what has to keep the values: of contacts, of calls to place, of links. */
async function rowsOf(url: string): Promise<string> {
  const kept: Record<string, string[]> = {
    contacts: ['variables'],
    outbound_calls: ['variables', 'numbers', 'client_identifier'],
    links: ['url'],
  };
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  try {
    const tables = await database.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    );
    const rows: string[] = [];
    for (const { name } of tables.rows) {
      const all = await database.query<{ row: Record<string, unknown> }>(
        `select row_to_json(t) as row from "${name}" t`,
      );
      for (const { row } of all.rows) {
        const shown = Object.entries(row).filter(([column]) => !kept[name]?.includes(column));
        rows.push(`${name} ${JSON.stringify(Object.fromEntries(shown))}`);
      }
    }
    return rows.join('\n');
  } finally {
    await database.end();
  }
}

/** What Temporal's UI shows of the steps of a call. */
async function summariesOf({ client }: DevStack, call: string): Promise<string> {
  const { events } = await client.workflow.getHandle(call).fetchHistory();
  const texts = (events ?? []).flatMap(({ userMetadata }) => [
    userMetadata?.summary?.data,
    userMetadata?.details?.data,
  ]);
  return texts.map((data) => Buffer.from(data ?? []).toString()).join('\n');
}

async function listsOf({ client }: DevStack): Promise<string> {
  const lines: string[] = [];
  for await (const { raw } of client.workflow.list()) lines.push(JSON.stringify(raw));
  return lines.join('\n');
}

async function runsOf({ client }: DevStack, call: string): Promise<number> {
  let runs = 0;
  for (let runId: string | undefined = ''; runId !== undefined; runs += 1) {
    const { events } = await client.workflow.getHandle(call, runId || undefined).fetchHistory();
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  }
  return runs;
}
