import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../src/api/api.js';
import { callReport } from '../../src/calls/read-call.js';
import { callWorkflowId } from '../../src/calls/call-id.js';
import type { CallReport } from '../../src/engine/call-report.js';
import { LeapingTime } from '../../src/flow-test/time/leaping-time.js';
import { validateCaller } from '../../src/flow/validation/validate.js';
import { httpBridgeSettings } from '../../src/telephony/http/bridge-http-settings.js';
import { type RunningHttpSimulator, startHttpSimulator } from '../../src/telephony/simulator/http-simulator.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { type HttpBridge, type Said, done, httpBridge } from '../support/http-bridge.js';
import { testLog } from '../support/log.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';

const secret = `whsec_${randomBytes(32).toString('base64')}`;
let rig: Rig;
let api: RunningApi;
let simulator: RunningHttpSimulator;

beforeAll(async () => {
  const port = await freePort();
  const http = httpBridgeSettings({
    HOOKLINE_BRIDGE_SECRET: secret,
    HOOKLINE_API_URL: `http://127.0.0.1:${port}/`,
    HOOKLINE_BRIDGE_URLS: '',
  });
  rig = await timeSkippingRig({ http, bridgeTimes: { pickUpMs: 600, answerMs: 1000, askEveryMs: 20 } });
  const { client } = rig.env;
  const log = testLog((line) => line.msg === 'a fault of ours' && expect.unreachable(JSON.stringify(line)));
  api = await startApi({
    client,
    http,
    searchAttributes: true,
    taskQueue: rig.taskQueue,
    host: '127.0.0.1',
    port,
    log,
  });
  const time = new LeapingTime(rig.env);
  simulator = await startHttpSimulator({ secret, answerWithinMs: 200, sleep: (...sleep) => time.sleep(...sleep) });
  const { bridge } = simulator;
  const obey = bridge.bridgeCommand.bind(bridge);
  bridge.bridgeCommand = (command) => time.duringCommand(command, () => obey(command));
});
afterAll(async () => {
  await simulator.shutdown();
  await api.stop();
  await rig.close();
});

const answered = { type: 'answerCall', lines: { next: 'say', failure: 'failed' } };
const say = { type: 'play', prompt: { text: 'Hello' }, lines: { failure: 'failed' } };
const store = (name: string) => ({ type: 'storeVariable', assign: [{ saveIn: `$flow.key.${name}`, value: 'yes' }] });
const cause = { type: 'storeVariable', assign: [{ saveIn: '$flow.key.cause', value: '$call.isdn' }] };
const flow = flowOf({ answer: answered, say, failed: store('failed'), left: store('left'), last: cause }, { onRemoteHangup: 'left', onFlowComplete: 'last' }); // prettier-ignore

/** The signature by the words of the standard, not by our library. */
function signed(body: string, given: { id?: string; at?: number; key?: string } = {}): Record<string, string> {
  const { id = randomUUID(), at = Date.now(), key = secret } = given;
  const seconds = Math.floor(at / 1000);
  const bytes = Buffer.from(key.slice('whsec_'.length), 'base64');
  const mac = createHmac('sha256', bytes).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${mac}` };
}

/** A POST to the API, rightly signed unless `headers` say otherwise. */
async function post(path: string, body: unknown, headers?: Record<string, string>) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${api.url}${path}`, {
    method: 'POST',
    body: text,
    headers: { 'content-type': 'application/json', ...(headers ?? signed(text)) },
  });
  return { status: answer.status, type: answer.headers.get('content-type'), json: await answer.json() };
}

const startOf = (bridge: object, more: object = {}) => ({
  account: { id: 1 },
  flow,
  call: { id: randomUUID(), direction: 'inbound', from: '919800000001', to: '912200000002', startedAt: new Date().toISOString() }, // prettier-ignore
  bridge,
  ...more,
});
const reportOf = (call: string) => callReport(rig.env.client.workflow.getHandle(call));
const eventsOf = (call: string) => `/bridge/calls/${call}/events`;
const legEnded = (seq = 1) => ({ eventId: `e${seq}`, seq, at: new Date().toISOString(), leg: '1', type: 'legEnded', cause: 17, by: 'remote' }); // prettier-ignore

/** A call of the simulated bridge, started over the API. */
async function simulated(test: { flow: object; caller?: object }, more: object = {}): Promise<CallReport> {
  const caller = validateCaller(test.caller ?? {}).value;
  if (!caller) throw new Error('The caller of the test is not valid.');
  const start = startOf({ id: simulator.bridge.id, url: simulator.url, ...more }, { flow: test.flow });
  const workflowId = callWorkflowId(1, simulator.bridge.id, start.call.id);
  simulator.bridge.addCall({ callId: start.call.id, workflowId, direction: 'inbound', caller });
  expect(await post('/bridge/calls', start)).toMatchObject({ status: 201, json: { call: workflowId } });
  return reportOf(workflowId);
}

/** A call on a bridge written for the test, which is told the call's workflow id. */
async function withBridge(obey: (type: string, times: number, call: string) => Said | Promise<Said>) {
  const bridge = await httpBridge(({ type, commandId }, times) => obey(type, times, commandId.replace(/\/\d+$/, '')));
  const { status, json } = await post('/bridge/calls', startOf({ id: 'of-the-test', url: bridge.url }));
  expect(status).toBe(201);
  const report = await reportOf((json as { call: string }).call);
  await bridge.stop();
  return { report, received: bridge.received, types: bridge.received.map(({ command }) => command.type) };
}

describe('B6: a call over HTTP alone', () => {
  it('B6, B1: it runs from its start to our hang-up: prompts, digits, variables, as over Temporal', async () => {
    const test = {
      flow: flowOf({
        answer: { type: 'answerCall', lines: { next: 'digits' } },
        digits: { type: 'collectDigits', prompt: { text: 'Your order?' }, saveIn: '$flow.key.order', lines: { next: 'wait' } }, // prettier-ignore
        wait: { type: 'delay', seconds: 3600, lines: { next: 'bye' } },
        bye: { type: 'hangUp', cause: 21 },
      }),
      caller: { steps: [{ until: { widget: 'digits' } }, { press: '1001#' }] },
    };
    const overHttp = await simulated(test);
    const overTemporal = await rig.run(test);
    expect(overHttp).toMatchObject({ outcome: 'completed', variables: { '$flow.key.order': '1001' } });
    expect({ ...overHttp, call: '' }).toEqual({ ...overTemporal, call: '' });
    const inLists = await simulated(test, { can: ['sequence'] });
    expect({ ...inLists, call: '' }).toEqual({ ...overTemporal, call: '' });
  });

  it('B6, B7: a sequence is one POST with one answer, and a hang-up in it is as over Temporal', async () => {
    const test = {
      flow: flowOf({
        answer: { type: 'answerCall', lines: { next: 'say' } },
        say: { ...say, lines: { next: 'more' } },
        more: { ...say, prompt: { text: 'one two three four five six seven eight nine ten' }, lines: {} },
      }),
      caller: { steps: [{ until: { widget: 'more' } }, { wait: 1 }, { hangUp: true }] },
    };
    const before = simulator.bridge.bridgeCommand.bind(simulator.bridge);
    const types: string[] = [];
    simulator.bridge.bridgeCommand = (command) => {
      types.push(command.type);
      return before(command);
    };
    const report = await simulated(test, { can: ['sequence'] });
    simulator.bridge.bridgeCommand = before;
    expect([...new Set(types)]).toEqual(['sequence']);
    expect({ ...report, call: '' }).toEqual({ ...(await rig.run(test)), call: '' });
    expect(report).toMatchObject({ outcome: 'hungUp', path: [{ line: 'next' }, { line: 'next' }, { line: null }] });
  });

  it('B2, C1: the other party leaves in a prompt: the event cuts it, and On Remote Hangup runs', async () => {
    const long = { ...say, prompt: { text: 'word '.repeat(200) } };
    const report = await simulated({
      flow: flowOf({ answer: answered, say: long, failed: store('failed'), left: store('left') }, { onRemoteHangup: 'left' }), // prettier-ignore
      caller: { realTime: true, steps: [{ until: { widget: 'say' } }, { wait: 1 }, { hangUp: true }] },
    });
    expect(report.outcome).toBe('hungUp');
    expect(report.path.map((entry) => entry.widget)).toEqual(['answer', 'say', 'left']);
  });

  it('B2: events count once and in the order of seq, one by one or as a list', async () => {
    const { report, types } = await withBridge(async (type, _times, call) => {
      if (type !== 'answer') return done;
      // The end comes before the answer by arrival, after it by seq.
      const answeredEvent = { ...legEnded(1), type: 'legAnswered' };
      for (const body of [legEnded(3), legEnded(3), [answeredEvent, { ...answeredEvent, eventId: 'e2', seq: 2 }]]) {
        const { status, json } = await post(eventsOf(call), body);
        expect({ status, json }).toEqual({ status: 202, json: { call, state: 'running' } });
      }
      return { body: { result: 'legGone' } };
    });
    expect(report).toMatchObject({ outcome: 'hungUp', variables: { '$flow.key.cause': '17' } });
    expect(types).toEqual(['answer']);
  });

  it('B3: a command that still runs is asked for again with the same id, and its result is waited for', async () => {
    const { report, received } = await withBridge((type, times) =>
      type === 'play' && times < 4 ? { body: { result: 'running' } } : done,
    );
    const plays = received.filter(({ command }) => command.type === 'play');
    expect(plays).toHaveLength(4);
    expect(new Set(plays.map(({ body }) => body)).size).toBe(1);
    expect(new Set(plays.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([`${report.call}/2`]));
    expect(report).toMatchObject({ outcome: 'completed', path: [{ widget: 'answer' }, { widget: 'say' }, { widget: 'last' }] }); // prettier-ignore
  });

  it('B6: every command is signed as Standard Webhooks, and says where its events go', async () => {
    const { report, received } = await withBridge(() => done);
    expect(received.map(({ command }) => command.type)).toEqual(['answer', 'play', 'hangUp']);
    for (const { headers, body, command } of received) {
      const at = Number(headers['webhook-timestamp']) * 1000;
      expect(Math.abs(Date.now() - at)).toBeLessThan(60_000);
      expect(headers).toMatchObject(signed(body, { id: command.commandId, at }));
      expect(headers['hookline-events-url']).toBe(`${api.url}${eventsOf(report.call)}`);
    }
  });
});

describe('B4, B5: bridges that cannot', () => {
  it.each([
    ['B4: a typed error', { status: 422, body: { error: { type: 'NOT_SUPPORTED', message: 'No.' } } }],
    ['B4: a typed error with another status', { status: 404, body: { error: { type: 'LEG_UNKNOWN' } } }],
    ['B4: an error of no known type', { status: 400, body: { error: { type: 'OUT_OF_TAPE', message: 'Sorry.' } } }],
    ['B3: a result that there is not', { body: { result: 'perhaps' } }],
  ])('%s takes the failure line of the widget', async (_what, said) => {
    const { report } = await withBridge((type) => (type === 'play' ? said : done));
    expect(report).toMatchObject({ outcome: 'completed', variables: { '$flow.key.failed': 'yes' } });
    expect(report.path[1]).toMatchObject({ widget: 'say', line: 'failure', lineNumber: 1 });
  });

  it.each([
    ['that never answers', null],
    ['that answers 503 for long', { status: 503, body: '' }],
    ['that sends its callers elsewhere', { status: 302, body: '' }],
    ['that does not take our signature', { status: 401, body: { message: 'Who are you?' } }],
    ['that answers no JSON', { body: '<html>' }],
    ['that answers without end', { body: `"${'x'.repeat(100_000)}"` }],
  ])(
    'B5: a bridge %s is gone after two tries, and the call ends as failed, On Flow Complete run',
    async (_what, said) => {
      const { report, types } = await withBridge((type) => (type === 'play' ? said : done));
      expect(report).toMatchObject({ outcome: 'failed', error: { code: 'BRIDGE_GONE', widget: 'say' } });
      expect(report.path.map((entry) => entry.widget)).toEqual(['answer', 'say', 'last']);
      expect(types.length).toBeGreaterThanOrEqual(3);
      expect(types).not.toContain('hangUp');
    },
  );

  it('B5: so is one that is not there at all', async () => {
    const { json } = await post('/bridge/calls', startOf({ id: 'away', url: `http://127.0.0.1:${await freePort()}` }));
    expect(await reportOf(json.call)).toMatchObject({ outcome: 'failed', error: { code: 'BRIDGE_GONE' } });
  });

  it('B5: a bridge that comes back within seconds has missed nothing', async () => {
    const { report } = await withBridge((type, times) =>
      type === 'play' && times === 1 ? { status: 502, body: '' } : done,
    );
    expect(report).toMatchObject({ outcome: 'completed', path: [{ line: 'next' }, { line: 'next' }, {}] });
  });

  it('B6: the simulated bridge takes no command that is signed with another secret', async () => {
    const other = await startHttpSimulator({ secret: `whsec_${randomBytes(32).toString('base64')}` });
    const { json } = await post('/bridge/calls', startOf({ id: other.bridge.id, url: other.url }));
    expect(await reportOf(json.call)).toMatchObject({ outcome: 'failed', error: { code: 'BRIDGE_GONE' } });
    await other.shutdown();
  });
});

describe('C4, C5: starting over HTTP', () => {
  let bridge: HttpBridge;
  beforeAll(async () => {
    bridge = await httpBridge(() => done);
  });
  afterAll(() => bridge.stop());

  it('C5: starting twice gives one call: 201, then 200, also when it has ended', async () => {
    const start = startOf({ id: 'twice', url: bridge.url });
    const call = callWorkflowId(1, 'twice', start.call.id);
    expect(await post('/bridge/calls', start)).toMatchObject({ status: 201, json: { call } });
    expect(await post('/bridge/calls', start)).toMatchObject({ status: 200, json: { call } });
    await reportOf(call);
    expect(await post('/bridge/calls', start)).toMatchObject({ status: 200, json: { call } });
    expect(bridge.received.filter(({ command }) => command.callId === start.call.id)).toHaveLength(3);
  });

  it('C4: a start that is not valid is refused with every error and its pointer, and nothing starts', async () => {
    const { call, ...start } = startOf({ id: 'x', url: bridge.url }, { colour: 1, flow: { hookline: 1, id: 'x', start: 'a', widgets: {} } }); // prettier-ignore
    const shape = await post('/bridge/calls', { ...start, call: { ...call, direction: 'sideways' } });
    expect(shape).toMatchObject({ status: 422, type: expect.stringContaining('application/problem+json'), json: { status: 422, code: 'INVALID_INPUT' } }); // prettier-ignore
    expect(shape.json.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/call/direction', '/colour']); // prettier-ignore
    const document = await post('/bridge/calls', { ...startOf(start.bridge), flow: start.flow });
    expect(document).toMatchObject({ status: 422, json: { code: 'INVALID_FLOW' } });
    expect(document.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(expect.arrayContaining(['/flow/id', '/flow/start'])); // prettier-ignore
    expect(await post('/bridge/calls', { ...startOf(start.bridge), account: 5 })).toMatchObject({ status: 422, json: { code: 'ACCOUNT_UNKNOWN' } }); // prettier-ignore
    expect(bridge.received.filter(({ command }) => command.callId === call.id)).toEqual([]);
  });

  it('B1: a bridge has a task queue or a URL, not both and not none', async () => {
    for (const one of [
      { id: 'x' },
      { id: 'x', taskQueue: 'q', url: bridge.url },
      { id: 'x', url: 'ftp://127.0.0.1/' },
      { id: 'x', url: 'http://a:b@127.0.0.1/' },
    ]) {
      // prettier-ignore
      const { status, json } = await post('/bridge/calls', startOf(one));
      expect({ status, code: json.code, pointer: json.errors[0].pointer }).toEqual({ status: 422, code: 'INVALID_INPUT', pointer: expect.stringMatching(/^\/bridge(\/url)?$/) }); // prettier-ignore
    }
  });

  it('B6: a URL that the operator does not name is refused, by the API and by the call, and nothing is sent there', async () => {
    const elsewhere = startOf({ id: 'x', url: 'http://192.0.2.1/commands' });
    const { status, json } = await post('/bridge/calls', elsewhere);
    expect({ status, code: json.code }).toEqual({ status: 422, code: 'INVALID_INPUT' });
    expect(json.errors).toMatchObject([{ pointer: '/bridge/url', message: expect.stringContaining('HOOKLINE_BRIDGE_URLS') }]); // prettier-ignore
    // A client of Temporal asks nobody; its call is refused in its first step.
    const { handle } = await rig.start({ flow, bridge: { id: 'x', url: 'http://192.0.2.1/commands' } });
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'INVALID_INPUT' } });
  });
});

describe('B6: who may speak with the API', () => {
  const body = JSON.stringify(legEnded());
  const unsigned = { 'webhook-id': 'x' };
  it.each([
    ['not signed', () => unsigned],
    ['signed with another secret', () => signed(body, { key: `whsec_${randomBytes(32).toString('base64')}` })],
    ['signed for another body', () => signed(`${body} `)],
    ['signed six minutes ago', () => signed(body, { at: Date.now() - 360_000 })],
    ['signed in six minutes', () => signed(body, { at: Date.now() + 360_000 })],
  ])('a request that is %s is refused before it is read', async (_what, headersNow) => {
    const headers = headersNow();
    for (const path of ['/bridge/calls', '/bridge/dids', eventsOf('call-1-x')]) {
      const answer = await post(path, body, headers);
      expect(answer).toMatchObject({ status: 401, type: expect.stringContaining('application/problem+json'), json: { code: 'SIGNATURE_INVALID', status: 401 } }); // prettier-ignore
    }
    expect((await fetch(`${api.url}/bridge/calls/call-1-x`, { headers })).status).toBe(401);
  });

  it('without a secret it listens on this machine alone, and takes no request that a web page brought by another name', async () => {
    const options = { client: rig.env.client, http: httpBridgeSettings({}), searchAttributes: true, port: 0, log: testLog() }; // prettier-ignore
    await expect(startApi({ ...options, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'API_UNSIGNED' });
    const open = await startApi({ ...options, host: '127.0.0.1' });
    const at = `${open.url}/bridge/calls/call-1-x`;
    expect((await fetch(at)).status).toBe(404);
    const { request } = await import('node:http');
    const status = await new Promise((resolve) =>
      request(at, { headers: { host: 'evil.example' } }, ({ statusCode }) => resolve(statusCode)).end(),
    );
    expect(status).toBe(401);
    await open.stop();
  });
});

describe('B2, B6: events over HTTP', () => {
  it('an unknown call is 404, one that has ended 202, so that a bridge need not care', async () => {
    expect(await post(eventsOf('call-1-nobody'), legEnded())).toMatchObject({ status: 404, json: { code: 'CALL_UNKNOWN' } }); // prettier-ignore
    const { report } = await withBridge(() => done);
    expect(await post(eventsOf(report.call), legEnded())).toMatchObject({ status: 202, json: { call: report.call, state: 'ended' } }); // prettier-ignore
  });

  it('a workflow that is no call is none of its business', async () => {
    const other = await rig.env.client.workflow.start('flowEndDelivery', { workflowId: `other-${randomUUID()}`, taskQueue: 'nobody', args: [] }); // prettier-ignore
    expect(await post(eventsOf(other.workflowId), legEnded())).toMatchObject({ status: 404 });
    await other.terminate();
  });

  it('what is no event is listed with its pointer, and hides no hang-up behind it', async () => {
    const { report } = await withBridge(async (type, _times, call) => {
      if (type !== 'answer') return done;
      const { status, json } = await post(eventsOf(call), [
        { type: 'legEnded' },
        'x',
        { ...legEnded(1), type: 'legAnswered' },
        legEnded(2),
      ]);
      expect({ status, code: json.code }).toEqual({ status: 422, code: 'INVALID_EVENT' });
      expect(json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/0', '/1']);
      return { body: { result: 'legGone' } };
    });
    expect(report).toMatchObject({ outcome: 'hungUp', variables: { '$flow.key.cause': '17' } });
  });

  it('a bridge may ask how far a call is, and learns no number', async () => {
    let seen: unknown;
    const { report } = await withBridge(async (type, _times, call) => {
      if (type === 'play') {
        const path = `/bridge/calls/${call}`;
        seen = await (await fetch(`${api.url}${path}`, { headers: signed('') })).json();
      }
      return done;
    });
    expect(seen).toEqual({ call: report.call, state: 'running', path: ['answer', 'say'] });
  });
});

describe('the API, whatever it is sent', () => {
  it.each([
    ['no JSON', 400, 'INVALID_JSON', '{ "account": '],
    ['nothing', 400, 'INVALID_JSON', ''],
    ['a key that stands twice', 422, 'INVALID_INPUT', '{ "call": 1, "call": 1 }'],
    ['more than 1 MiB', 413, 'NOT_ACCEPTED', `"${'x'.repeat(1024 * 1024)}"`],
    ['a list where a start is due', 422, 'INVALID_INPUT', '[]'],
    ['what nests without end', 413, 'DOCUMENT_TOO_LARGE', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])('%s is refused with status, code and a problem document', async (_what, status, code, body) => {
    const answer = await post('/bridge/calls', body);
    expect(answer).toMatchObject({ status, type: expect.stringContaining('application/problem+json'), json: { status, code, detail: expect.any(String) } }); // prettier-ignore
  });

  it('another content type and another path are refused so, too; /health needs no signature', async () => {
    const text = JSON.stringify(legEnded());
    expect(await post('/bridge/calls', text, { ...signed(text), 'content-type': 'text/plain' })).toMatchObject({ status: 415, json: { code: 'NOT_ACCEPTED' } }); // prettier-ignore
    expect(await post('/bridge', text)).toMatchObject({ status: 404, json: { code: 'ROUTE_UNKNOWN' } });
    expect(await post('/bridge/calls/%E0%/events', text)).toMatchObject({
      status: 400,
      json: { code: 'NOT_ACCEPTED' },
    });
    const health = await fetch(`${api.url}/health`);
    expect({ status: health.status, json: await health.json() }).toEqual({ status: 200, json: { status: 'ok' } });
  });
});
