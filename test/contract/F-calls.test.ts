import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startCall } from '../../src/calls/start-call.js';
import { callReport } from '../../src/calls/read-call.js';
import type { Store } from '../../src/store/store.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';
import { useStore } from '../support/set-up.js';
import { type Target, answer } from '../support/target.js';

const SECURITY_ID = 'f'.repeat(64);
const PUBLIC_URL = 'https://s.example.com';

let rig: Rig;
let target: Target;
let store: Store;
let accountId = 500;
useStore((started) => ({ store, target } = started));
beforeAll(async () => {
  rig = await timeSkippingRig({ store: () => Promise.resolve(store), publicUrl: PUBLIC_URL });
});
afterAll(() => rig.close());
beforeEach(() => {
  accountId += 1;
  target.received.length = 0;
});

const FROM = '9879964805';
const account = (more: object = {}) => ({ id: accountId, countryCode: '91', ...more });
const set = (values: Record<string, string>, next: string) => ({
  ...{ type: 'storeVariable', assign: Object.entries(values).map(([saveIn, value]) => ({ saveIn, value })) },
  ...{ lines: { next } },
});
const callFunction = (method: string, more: object = {}) => ({
  ...{ type: 'function', method, lines: { success: 'good', failure: 'bad' }, ...more },
});
const END = { good: { type: 'play', prompt: { text: 'good' } }, bad: { type: 'play', prompt: { text: 'bad' } } };
const flowWith = (values: Record<string, string>, method: string, more: object = {}) =>
  flowOf({ start: set(values, 'fn'), fn: callFunction(method, more), ...END });
const lastWidget = (report: { path: { widget: string }[] }) => report.path.at(-1)?.widget;

describe('shortURL', () => {
  const flow = (url: string, more: object = {}) => flowWith({ '$flow.key.longUrl': url }, 'shortURL', more);

  it('F2, F5: gives a short link of 8 characters, takes line 0 and sets the result variables', async () => {
    const report = await rig.run({ flow: flow('https://example.com/orders?id=1'), account: account() });
    expect(lastWidget(report)).toBe('good');
    const short = report.variables['$flow.key.shortUrl'] ?? '';
    expect(short).toMatch(/^https:\/\/s\.example\.com\/[A-Za-z0-9]{8}$/);
    expect(report.variables).toMatchObject({
      '$flow.key.response_status': 'SUCCESS',
      '$flow.key.response_status_code': '200',
      '$flow.key.response_error': 'false',
      '$flow.key.response_raw': JSON.stringify({ shortUrl: short }),
    });
    expect(await store.links.get(accountId, short.slice(-8))).toMatchObject({ url: 'https://example.com/orders?id=1' });
  });

  it('F2: the link is on the account’s own domain', async () => {
    const report = await rig.run({ flow: flow('https://example.com/'), account: account({ shortDomain: 'ex.am' }) });
    expect(report.variables['$flow.key.shortUrl']).toMatch(/^https:\/\/ex\.am\/[A-Za-z0-9]{8}$/);
  });

  it.each(['ftp://example.com/', 'javascript:alert(1)', 'no address', 'https://user:pass@example.com/'])(
    'F2: %s is no target of a link',
    async (url) => {
      const report = await rig.run({ flow: flow(url), account: account() });
      expect(lastWidget(report)).toBe('bad');
      expect(report.variables).toMatchObject({ '$flow.key.error_reason': 'INVALID_REQUEST' });
    },
  );

  it('F5, R3: without its input nothing is done', async () => {
    const report = await rig.run({ flow: flowOf({ fn: callFunction('shortURL'), ...END }), account: account() });
    expect(lastWidget(report)).toBe('bad');
    expect(report.variables).toMatchObject({ '$flow.key.error_reason': 'INVALID_FLOW_VAR' });
  });

  it('F5, H3: with wait off, line 0 is taken at once and no variable written, and the link is made all the same', async () => {
    const report = await rig.run({
      flow: flow('https://example.com/', { wait: { enabled: false } }),
      account: account(),
    });
    expect(report.variables).toEqual({ '$flow.key.longUrl': 'https://example.com/' });
    expect((await store.links.list(accountId, { limit: 5 })).items).toHaveLength(1);
  });

  it('R9: a persisting function keeps its values in the report', async () => {
    const report = await rig.run({ flow: flow('https://example.com/', { persist: true }), account: account() });
    const kept = await store.reports.get(accountId, report.call);
    expect(kept?.persisted).toHaveProperty(['$flow.key.shortUrl'], report.variables['$flow.key.shortUrl']);
    const other = await rig.run({ flow: flow('https://example.com/'), account: account() });
    expect((await store.reports.get(accountId, other.call))?.persisted).toEqual({});
  });
});

describe('updateUserPreferences', () => {
  const save = (values: Record<string, string>, more: Record<string, string> = {}) =>
    flowWith(
      {
        ...{ '$user.syskey.contactNumber': '$call.cli.number', '$user.syskey.accountID': String(accountId) },
        ...values,
        ...more,
      },
      'updateUserPreferences',
    );
  const read = flowOf({ say: { type: 'play', prompt: { text: 'Hello $user.key.name, $user.key.plan' } } });
  const caller = { from: FROM, to: '912200000002' };

  it('F3, V1: the next call of that contact starts with what was saved, whichever way the number is written', async () => {
    const first = await rig.run({
      flow: save({ '$user.key.name': 'Asha', '$user.key.plan': 'gold' }),
      account: account(),
      caller,
    });
    expect(lastWidget(first)).toBe('good');
    const next = await rig.run({ flow: read, account: account(), caller: { ...caller, from: `+91${FROM}` } });
    expect(next.variables).toEqual({ '$user.key.name': 'Asha', '$user.key.plan': 'gold' });
  });

  it('F3: another account, and another contact, know nothing of it', async () => {
    await rig.run({ flow: save({ '$user.key.name': 'Asha' }), account: account(), caller });
    const stranger = await rig.run({ flow: read, account: account(), caller: { ...caller, from: '9879964899' } });
    expect(stranger.variables).toEqual({});
    accountId += 1;
    expect((await rig.run({ flow: read, account: account(), caller })).variables).toEqual({});
  });

  it.each(['anonymous', 'Restricted', 'unknown', '-'])(
    'F8: nothing is kept of a caller who withholds the number (%s), nor known of the next one',
    async (from) => {
      const withheld = { ...caller, from };
      const first = await rig.run({ flow: save({ '$user.key.name': 'Asha' }), account: account(), caller: withheld });
      expect(lastWidget(first)).toBe('good');
      expect((await rig.run({ flow: read, account: account(), caller: withheld })).variables).toEqual({});
      expect((await store.contacts.list(accountId, { limit: 5 })).items).toEqual([]);
    },
  );

  it('C4: a bug in a function fails it at once, and is not taken for a store that is away', async () => {
    const broken = vi.spyOn(store.contacts, 'save').mockRejectedValue(new TypeError('a bug'));
    onTestFinished(() => broken.mockRestore());
    const report = await rig.run({ flow: save({ '$user.key.name': 'Asha' }), account: account(), caller });
    expect(lastWidget(report)).toBe('bad');
    expect(report.variables['$flow.key.error_reason']).not.toBe('CONNECTION_FAILURE');
    expect(broken.mock.calls.length).toBe(1);
  });

  it('F3: values of the start win over what was saved, and a later save adds to it', async () => {
    await rig.run({ flow: save({ '$user.key.name': 'Asha', '$user.key.plan': 'gold' }), account: account(), caller });
    await rig.run({ flow: save({ '$user.key.plan': 'free' }), account: account(), caller });
    const next = await rig.run({ flow: read, account: account(), caller, variables: { '$user.key.name': 'Ravi' } });
    expect(next.variables).toEqual({ '$user.key.plan': 'free', '$user.key.name': 'Ravi' });
  });

  it('F3: another account’s contacts are out of reach', async () => {
    const report = await rig.run({
      flow: save({ '$user.key.name': 'Asha' }, { '$user.syskey.accountID': '1' }),
      account: account(),
      caller,
    });
    expect(lastWidget(report)).toBe('bad');
    expect(report.variables).toMatchObject({ '$flow.key.error_reason': 'INVALID_REQUEST' });
    expect(await store.contacts.byNumber(1, FROM, '91')).toBeUndefined();
  });
});

describe('updatePauseStatusForCLI', () => {
  const agent = { number: '9879964806' };
  const pause = (pause: string, cli: string) =>
    flowWith({ '$flow.key.pause': pause, '$flow.key.cli': cli }, 'updatePauseStatusForCLI');
  const connect = flowOf({
    answer: { type: 'answerCall', lines: { next: 'agent' } },
    agent: { type: 'agentConnect', strategy: 'fixedOrder', lines: { next: 'good', overflow: 'bad' } },
    ...END,
  });
  const agents = [agent, { number: '9879964807' }];
  const hangsUp = { steps: [{ wait: 1 }, { hangUp: true }] };
  const caller = { legs: { '9879964806': hangsUp, '9879964807': hangsUp } };
  const rung = () => rig.commands.flatMap((command) => (command.type === 'dial' ? [command.to] : []));
  beforeEach(() => (rig.commands.length = 0));

  it('F4: a paused agent gets no call, and one whose pause is over gets calls again', async () => {
    const paused = await rig.run({ flow: pause('true', `91${agent.number}`), account: account({ agents }) });
    expect(paused.variables).toMatchObject({ '$flow.key.cli_pause_update': 'true' });
    await rig.run({ flow: connect, account: account({ agents }), caller });
    expect(rung()).toEqual(['9879964807']);
    await rig.run({ flow: pause('false', agent.number), account: account({ agents }) });
    await rig.run({ flow: connect, account: account({ agents }), caller });
    expect(rung()).toEqual(['9879964807', agent.number]);
  });

  it('F4: of a stored account too, and a pause in the document is taken back by the function', async () => {
    await store.accounts.create(accountId, { ...account(), agents: [{ ...agent, paused: true }] });
    const stored = { ...account({ agents: [{ ...agent, paused: true }] }) };
    expect(lastWidget(await rig.run({ flow: connect, account: stored, caller }))).toBe('bad');
    await rig.run({ flow: pause('false', `+91 ${agent.number}`), account: stored });
    expect(lastWidget(await rig.run({ flow: connect, account: stored, caller }))).toBe('good');
  });

  it.each([
    ['an agent that the account does not have', 'true', '9879900000'],
    ['a pause that is neither true nor false', 'maybe', agent.number],
  ])('F4: %s is answered with false', async (_what, value, cli) => {
    const report = await rig.run({ flow: pause(value, cli), account: account({ agents }) });
    expect(lastWidget(report)).toBe('bad');
    expect(report.variables).toMatchObject({ '$flow.key.cli_pause_update': 'false' });
  });
});

describe('createOutbound', () => {
  const outbound = () => ({
    bridge: { id: rig.simulator.bridge.id, taskQueue: rig.simulator.taskQueue },
    from: '912200000002',
  });
  const outboundFlow = {
    ...flowOf({
      answer: { type: 'answerCall', lines: { next: 'say' } },
      say: { type: 'play', prompt: { text: '$flow.key.order' } },
    }),
    id: 'outbound',
    type: 'outbound',
  };
  const order = (more: Record<string, string> = {}, parameters: string[] = ['flow.key']) =>
    flowWith(
      {
        '$flow.syskey.apiVersion': '1.0',
        '$flow.syskey.securityID': SECURITY_ID,
        '$flow.syskey.flowID': 'outbound',
        '$flow.syskey.clientID': 'client-1',
        '$flow.syskey.delayMinutes': '0',
        '$flow.syskey.contactNumbers': '9879964808',
        '$flow.key.order': '1001',
        ...more,
      },
      'createOutbound',
      { parameters },
    );
  const stored = async (more: object = {}) => {
    const document = account({ securityId: SECURITY_ID, outbound: outbound(), ...more });
    SECURITY_IDS.add(accountId);
    await store.accounts.create(accountId, document);
    await store.flows.save(accountId, { id: 'outbound', name: '', type: 'outbound' }, outboundFlow);
    await store.flows.publish(accountId, 'outbound', 1);
    return document;
  };
  const SECURITY_IDS = new Set<number>();
  /** The security id belongs to one account at a time. */
  beforeEach(async () => {
    for (const id of SECURITY_IDS) await store.accounts.update(id, { id });
    SECURITY_IDS.clear();
  });
  const untilEnded = async (request: string) => {
    for (let tries = 0; tries < 200; tries += 1) {
      const calls = await store.outbound.lists.calls(accountId, request);
      if (calls.length > 0 && calls.every(({ state }) => state === 'ended')) return calls;
      await rig.env.sleep(500);
    }
    throw new Error('The calls did not end.');
  };

  it('F1: the call is placed once, with the variables that were passed, and its UUID is the one that was told', async () => {
    const report = await rig.run({ flow: order(), account: await stored() });
    expect(report.variables).toMatchObject({ '$flow.key.obdResponseCode': '200' });
    const request = report.variables['$flow.key.obdReqID'] ?? '';
    const uuid = report.variables['$flow.key.obdPhononUUID'] ?? '';
    const [call, ...more] = await untilEnded(request);
    expect(more).toEqual([]);
    expect(call).toMatchObject({
      id: uuid,
      clientIdentifier: 'client-1',
      outcome: 'completed',
      numbers: ['9879964808'],
    });
    expect(call?.variables).toEqual({ '$flow.key.order': '1001' });
    const handle = rig.env.client.workflow.getHandle(call?.call ?? '');
    const placed = await callReport(handle);
    expect(placed).toMatchObject({ outcome: 'completed', variables: { '$flow.key.order': '1001' } });
    expect(await store.reports.get(accountId, placed.call)).toMatchObject({
      uuid,
      flowVersion: 1,
      direction: 'outbound',
    });
  });

  it.each([
    ['a security id of nobody', { '$flow.syskey.securityID': 'e'.repeat(64) }, '202'],
    ['an API version that is none', { '$flow.syskey.apiVersion': '2.0' }, '203'],
    ['a number that is none', { '$flow.syskey.contactNumbers': 'nobody' }, '205'],
    ['a flow that is not there', { '$flow.syskey.flowID': 'nowhere1' }, '301'],
    ['a delay that is none', { '$flow.syskey.delayMinutes': '-1' }, '210'],
  ])('F1: %s is answered with a code of its own, and no call is placed', async (_what, more, code) => {
    const report = await rig.run({ flow: order(more), account: await stored() });
    expect(lastWidget(report)).toBe('bad');
    expect(report.variables).toMatchObject({
      '$flow.key.obdResponseCode': code,
      '$flow.key.error_reason': 'INVALID_REQUEST',
    });
    expect((await store.outbound.standing(accountId)).waiting).toBe(0);
  });

  it('F1: the detail names an account that is not in the store, beside the code', async () => {
    const report = await rig.run({ flow: order(), account: account({ securityId: SECURITY_ID }) });
    expect(lastWidget(report)).toBe('bad');
    expect(report.variables).toMatchObject({ '$flow.key.obdResponseCode': '202' });
    expect(report.variables['$flow.key.error_detail']).toContain(`The account ${accountId} is not in the store`);
  });

  it('F1: alternates are tried in turn until one answers, as legs of one call', async () => {
    rig.simulator.bridge.behave({
      '9879964801': { answers: false, because: 'busy' },
      '9879964802': { answers: false },
    });
    const report = await rig.run({
      flow: order({ '$flow.syskey.contactNumbers': '9879964801, 9879964802, 9879964803' }),
      account: await stored({
        defaultWebhook: { url: target.url('/end') },
        httpEnabled: true,
        targetAllowList: ['127.0.0.1'],
      }),
    });
    const [call] = await untilEnded(report.variables['$flow.key.obdReqID'] ?? '');
    const placed = await callReport(rig.env.client.workflow.getHandle(call?.call ?? ''));
    expect(placed.outcome).toBe('completed');
    // Where time is skipped a dial may count as lost, and is repeated under its id (B3).
    const dials = rig.commands.filter(({ callId, type }) => callId === call?.id && type === 'dial');
    const dialled = [...new Map(dials.map((command) => [command.commandId, command])).values()];
    expect(dialled.map((command) => command.type === 'dial' && [command.leg, command.to])).toEqual([
      ['1', '9879964801'],
      ['2', '9879964802'],
      ['3', '9879964803'],
    ]);
  });

  it('F1, E3: nobody answers: the flow does not start, and the call ends as hung up', async () => {
    rig.simulator.bridge.behave({ '9879964804': { answers: false, because: 'rejected' } });
    target.on('/end', answer(200, ''));
    const endsTold = { ...outboundFlow, flowEndWebhook: true };
    const document = await stored({
      defaultWebhook: { url: target.url('/end') },
      httpEnabled: true,
      targetAllowList: ['127.0.0.1'],
    });
    await store.flows.save(accountId, { id: 'outbound', name: '', type: 'outbound' }, endsTold);
    await store.flows.publish(accountId, 'outbound', 2);
    const report = await rig.run({ flow: order({ '$flow.syskey.contactNumbers': '9879964804' }), account: document });
    const [call] = await untilEnded(report.variables['$flow.key.obdReqID'] ?? '');
    expect(call?.outcome).toBe('hungUp');
    const placed = await callReport(rig.env.client.workflow.getHandle(call?.call ?? ''));
    expect(placed.path).toEqual([]);
    expect(placed.flowEnd?.payload).toMatchObject({
      'phonon-uuid': call?.id,
      callDetails: [{ calleeNumber: '9879964804', hangupCause: '21', duration: '0' }],
    });
  });
});

describe('documents from the store', () => {
  const flow = (text: string) => flowOf({ say: { type: 'play', prompt: { text } } });
  const place = async (version?: number) => {
    const call = {
      id: randomUUID(),
      direction: 'inbound' as const,
      from: '1',
      to: '2',
      startedAt: new Date().toISOString(),
    };
    const bridge = { id: rig.simulator.bridge.id, taskQueue: rig.simulator.taskQueue };
    const input = { account: accountId, flow: { id: 'testflow', ...(version && { version }) }, call, bridge };
    return startCall(rig.env.client, input, { taskQueue: rig.taskQueue });
  };

  it('B1, C2: a call by account id and flow id runs the version that is published', async () => {
    await store.accounts.create(accountId, account());
    for (const text of ['one', 'two'])
      await store.flows.save(
        accountId,
        { id: 'testflow', name: '', type: 'inbound' },
        flow(text) as Record<string, unknown>,
      );
    await store.flows.publish(accountId, 'testflow', 1);
    const published = await callReport(await place());
    expect((await store.reports.get(accountId, published.call))?.flowVersion).toBe(1);
    const wanted = await callReport(await place(2));
    expect((await store.reports.get(accountId, wanted.call))?.flowVersion).toBe(2);
  });

  it('B1: an account or a flow that is not there is refused by name', async () => {
    await expect(callReport(await place())).rejects.toMatchObject({ cause: { type: 'ACCOUNT_UNKNOWN' } });
    await store.accounts.create(accountId, account());
    await expect(callReport(await place())).rejects.toMatchObject({ cause: { type: 'FLOW_UNKNOWN' } });
  });
});

describe('functions that another system carries out', () => {
  it('F6, F2: the request and the answer are those of the product', async () => {
    target.on('/UrlShortner/phonon/shortUrl', answer(200, '{"shortUrl":"https://s.phonon.in/BEK4YYnx"}'));
    const functions = { shortURL: { url: target.url('/UrlShortner/phonon/shortUrl') } };
    const remote = account({ functions, httpEnabled: true, targetAllowList: ['127.0.0.1'] });
    const url = 'https://example.com/?price=$$5&name=${flow.key.none}';
    const report = await rig.run({ flow: flowWith({ '$flow.key.longUrl': url }, 'shortURL'), account: remote });
    expect(report.variables).toMatchObject({
      '$flow.key.shortUrl': 'https://s.phonon.in/BEK4YYnx',
      '$flow.key.response_status_code': '200',
    });
    expect(JSON.parse(target.received[0]?.body ?? '')).toEqual({
      custToken: 'abcd1234',
      longUrl: 'https://example.com/?price=$5&name=',
    });
    expect((await store.links.list(accountId, { limit: 1 })).items).toEqual([]);
  });

  it('F6, R3: whatever the other system answers, the function fails by a reason, and no other variable is written', async () => {
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    const answers: [string, Parameters<Target['on']>[1], string][] = [
      ['redirect', answer(302, '', { location: 'http://127.0.0.1:1/' }), 'REDIRECTION'],
      [
        'prototype',
        answer(200, '{"__proto__":{"shortUrl":"https://x"},"constructor":{"prototype":{"y":1}}}'),
        'INVALID_RESPONSE_MAP',
      ],
      ['array', answer(200, '[{"shortUrl":"https://x"}]'), 'INVALID_RESPONSE_MAP'],
      ['deep', answer(200, deep), 'INVALID_RESPONSE'],
      ['large', answer(200, `{"shortUrl":"${'x'.repeat(2 ** 20)}"}`), 'INVALID_RESPONSE'],
      ['text', answer(200, 'shortUrl'), 'INVALID_RESPONSE'],
    ];
    for (const [name, reply, reason] of answers) {
      target.on(`/${name}`, reply);
      const functions = { shortURL: { url: target.url(`/${name}`) } };
      const remote = account({ functions, httpEnabled: true, targetAllowList: ['127.0.0.1'] });
      const flow = flowWith({ '$flow.key.longUrl': 'https://example.com/' }, 'shortURL');
      const { variables } = await rig.run({ flow, account: remote });
      expect(variables, name).toMatchObject({ '$flow.key.error_reason': reason });
      expect(variables, name).not.toHaveProperty(['$flow.key.shortUrl']);
    }
    expect({}).not.toHaveProperty('y');
  });

  it('F6, F5: the groups that the widget names go along, and an answer that says no is a failure', async () => {
    target.on('/fn', answer(200, '{"$flow.key.cli_pause_update":"false"}'));
    const functions = { updatePauseStatusForCLI: { url: target.url('/fn') } };
    const remote = account({ functions, httpEnabled: true, targetAllowList: ['127.0.0.1'] });
    const values = {
      '$flow.key.pause': 'true',
      '$flow.key.cli': '1234567',
      '$user.key.a': '$$flow.key.cli',
      '$flow.key.b': 'x',
    };
    const flow = flowWith(values, 'updatePauseStatusForCLI', { parameters: ['user.key'] });
    const report = await rig.run({ flow, account: remote });
    expect(lastWidget(report)).toBe('bad');
    expect(report.variables).toMatchObject({
      '$flow.key.cli_pause_update': 'false',
      '$flow.key.error_reason': 'INVALID_REQUEST',
    });
    expect(JSON.parse(target.received[0]?.body ?? '')).toEqual({
      ...{ method: 'updatePauseStatusForCLI', '$flow.key.pause': 'true', '$flow.key.cli': '1234567' },
      '$user.key.a': '$flow.key.cli',
    });
  });
});
