import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callReport } from '../../src/calls/read-call.js';
import { callWorkflowId } from '../../src/calls/call-id.js';
import type { FlowEndPayload } from '../../src/engine/call-report.js';
import { validateCaller } from '../../src/flow/validation/validate.js';
import { openStore, type Store } from '../../src/store/store.js';
import { DevStack } from '../support/dev-stack.js';
import { type TestDatabase, testDatabase } from '../support/databases.js';
import { flowOf, type StartedCall, type TestCall } from '../support/rig.js';
import { Target, after, answer, json, silence } from '../support/target.js';

/** Within which a flow end must be there. Contract E2. */
const PROMISED_MS = 120_000;

let stack: DevStack;
let target: Target;
let database: TestDatabase;
let store: Store;
let worker: ChildProcess;

const account = (path: string) => ({
  httpEnabled: true,
  targetAllowList: ['127.0.0.1'],
  defaultWebhook: { url: target.url(path) },
});
const set = { type: 'storeVariable', assign: [{ saveIn: '$flow.key.step', value: 'reached' }], lines: { next: 'it' } };
const answered = { type: 'answerCall', lines: { next: 'set' } };
const flow = (it: object, more: object = {}) =>
  flowOf({ answer: answered, set, it, after: { type: 'hangUp' } }, { flowEndWebhook: true, ...more });
const hook = (path: string, more: object = {}) => ({
  type: 'webhook',
  request: { method: 'POST', url: target.url(path) },
  ...more,
});
const endsAt = (path: string) => target.of(path).map(({ body }) => JSON.parse(body) as FlowEndPayload);
const until = async (holds: () => boolean | Promise<boolean>, ms = PROMISED_MS) => {
  for (const end = Date.now() + ms; Date.now() < end; await pause(50)) if (await holds()) return;
  throw new Error('It did not come to pass in time.');
};
const entered = (call: StartedCall, widget: string) =>
  until(async () => (await call.handle.query<string[]>('path')).includes(widget));
const commandsOf = ({ handle }: StartedCall) =>
  stack.commands.map(({ command }) => command).filter(({ commandId }) => commandId.startsWith(`${handle.workflowId}/`));
/** The hang-ups of a call; a command that comes again under its id is the same one (B3). */
const hangUps = (call: StartedCall) => [
  ...new Map(commandsOf(call).flatMap((one) => (one.type === 'hangUp' ? [[one.commandId, one]] : []))).values(),
];
/** Runs of this call that are, or have been, looked after. */
const reconciled = async ({ handle }: StartedCall, status = '') => {
  const query = `WorkflowType = 'reconcileCall' AND WorkflowId STARTS_WITH '${handle.workflowId}/'`;
  return (await stack.client.workflow.count(status ? `${query} AND ExecutionStatus = '${status}'` : query)).count;
};
const variables = { '$flow.key.given': 'at the start' };
const inPrompt = { type: 'play', prompt: { text: 'word '.repeat(500) } };
const staying = { realTime: true };

/** Every call of this file but those that the worker's death is part of, by what it was doing when it was terminated. */
const calls: Record<string, StartedCall> = {};
const place = async (name: string, test: TestCall, reached: (call: StartedCall) => Promise<void>) => {
  target.on(`/${name}`, answer(200));
  const call = await stack.call({ account: account(`/${name}`), variables, ...test });
  calls[name] = call;
  await reached(call);
};

beforeAll(async () => {
  [stack, target, database] = await Promise.all([DevStack.start(), Target.start(), testDatabase()]);
  store = await openStore(database.url);
  target.on('/never', silence).on('/late', after(20_000, json({})));
  // No worker has ever seen this one.
  await place('unseen', { flow: flow(inPrompt) }, ({ handle }) => handle.terminate().then(() => undefined));
  worker = await stack.startWorker({ DATABASE_URL: database.url });
  const inIt = (call: StartedCall) => entered(call, 'it');
  await Promise.all([
    place('prompt', { flow: flow(inPrompt), caller: staying }, inIt),
    place('webhook', { flow: flow(hook('/never')) }, inIt),
    place('waiting', { flow: flow({ type: 'delay', seconds: 3000 }) }, inIt),
    place('untold', { flow: flow({ type: 'delay', seconds: 3000 }, { flowEndWebhook: false }) }, inIt),
    place(
      'conversation',
      { flow: flow({ type: 'makeCall', to: '9100' }), caller: { ...staying, legs: { '9100': { after: 0 } } } },
      (call) => until(() => commandsOf(call).some(({ type }) => type === 'join')),
    ),
    place('sequence', { flow: flow(inPrompt), caller: staying, can: ['sequence'] }, (call) =>
      until(() => commandsOf(call).some(({ type }) => type === 'sequence')),
    ),
    place('delivered', { flow: flow(hook('/late', { wait: { enabled: false } })) }, () =>
      until(() => endsAt('/delivered').length === 1),
    ),
    placeWithTimeout('timed-out'),
    // Before the first look at what has closed: the looks are up to 30 s apart.
    placeReset(),
  ]);
  await pause(500);
  const open = Object.entries(calls).filter(([name]) => !['timed-out', 'unseen', 'reset'].includes(name));
  await Promise.all(open.map(([, { handle }]) => handle.terminate('by the test')));
}, 60_000);
afterAll(async () => {
  await stack.stop();
  await target.stop();
  await store.close();
  await database.stop();
});

/** A foreign starter gave the whole call 4 seconds. */
async function placeWithTimeout(name: string): Promise<void> {
  target.on(`/${name}`, answer(200));
  const { bridge, taskQueue } = stack.simulator;
  const caller = validateCaller({}).value;
  if (!caller) throw new Error('The caller is not valid.');
  const callId = randomUUID();
  const workflowId = callWorkflowId(1, bridge.id, callId);
  bridge.addCall({ callId, workflowId, direction: 'inbound', caller });
  const call = { id: callId, direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() };
  const input = {
    account: { id: 1, ...account(`/${name}`) },
    flow: flow({ type: 'delay', seconds: 3000 }),
    ...{ call, variables, bridge: { id: bridge.id, taskQueue } },
  };
  const handle = await stack.client.workflow.start('call', {
    ...{ workflowId, taskQueue: 'hookline', args: [input], workflowExecutionTimeout: '4 seconds' },
  });
  calls[name] = { handle, report: () => callReport(handle) };
}

/** A call whose first run is reset: a second one lives on. */
async function placeReset(): Promise<void> {
  await place('reset', { flow: flow({ type: 'delay', seconds: 3000 }) }, (call) => entered(call, 'it'));
  const { handle } = placed('reset');
  const { events } = await handle.fetchHistory();
  const firstTask = events?.find(({ workflowTaskCompletedEventAttributes: done }) => done)?.eventId;
  await stack.client.workflowService.resetWorkflowExecution({
    namespace: stack.server.namespace,
    workflowExecution: { workflowId: handle.workflowId },
    reason: 'by the test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: firstTask ?? null,
  });
}

/** A call that was placed above. */
function placed(name: string): StartedCall {
  const call = calls[name];
  if (!call) throw new Error(`There is no call "${name}".`);
  return call;
}

async function closedAt(call: StartedCall): Promise<number> {
  return (await call.handle.describe()).closeTime?.getTime() ?? NaN;
}

describe('E2: a call that is terminated in Temporal, where no code of ours runs', () => {
  it.each(['prompt', 'webhook', 'waiting'])('in a %s: its flow end comes once, with all variables', async (name) => {
    const call = placed(name);
    await until(() => target.of(`/${name}`).length > 0);
    const [payload] = endsAt(`/${name}`);
    expect(payload).not.toHaveProperty('partial');
    expect(payload?.['phonon-uuid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(payload?.keys).toEqual(
      expect.arrayContaining([
        { name: '$flow.key.given', value: 'at the start' },
        { name: '$flow.key.step', value: 'reached' },
      ]),
    );
    const [leg] = payload?.callDetails ?? [];
    expect(leg).toMatchObject({ hangupCause: '31', incoming: true });
    // Until it was hung up, the leg was there.
    expect(Date.parse(leg?.endTime ?? '')).toBeGreaterThan(await closedAt(call));
    expect(target.of(`/${name}`)[0]?.headers['webhook-id']).toBe(`${call.handle.workflowId}/flow-end`);
  });

  it.each(['prompt', 'webhook', 'waiting', 'untold'])('in a %s: its leg is hung up, once', async (name) => {
    const call = placed(name);
    await until(() => hangUps(call).length > 0);
    expect(hangUps(call)).toMatchObject([{ leg: '1', cause: 31, commandId: `${call.handle.workflowId}/1000000001` }]);
  });

  it('in a conversation: both legs are hung up and told', async () => {
    const call = placed('conversation');
    await until(() => target.of('/conversation').length > 0);
    expect(
      hangUps(call)
        .map(({ leg }) => leg)
        .sort(),
    ).toEqual(['1', '2']);
    const [payload] = endsAt('/conversation');
    expect(payload?.callDetails.map(({ calleeType }) => calleeType)).toEqual(['VISITOR', 'AGENT']);
  });

  it('closed by a time-out of Temporal: the same', async () => {
    await until(() => target.of('/timed-out').length > 0);
    expect(endsAt('/timed-out')[0]?.keys).toContainEqual({ name: '$flow.key.step', value: 'reached' });
    expect(hangUps(placed('timed-out'))).toHaveLength(1);
    const { workflowId } = placed('timed-out').handle;
    await until(async () => (await store.reports.get(1, workflowId)) !== undefined);
    const report = await store.reports.get(1, workflowId);
    expect(report).toMatchObject({ outcome: 'timedOut', error: { code: 'TIMED_OUT', widget: 'it' } });
  });

  it('whose variables nobody can read: its flow end is partial, with what the start said', async () => {
    await until(() => target.of('/unseen').length > 0);
    const [payload] = endsAt('/unseen');
    expect(payload).toMatchObject({ partial: true, keys: [{ name: '$flow.key.given', value: 'at the start' }] });
    expect(payload?.callDetails).toMatchObject([{ incoming: true, duration: '0' }]);
    expect(hangUps(placed('unseen'))).toHaveLength(1);
  });

  it('all within 2 minutes of their end', async () => {
    for (const name of ['prompt', 'webhook', 'waiting', 'conversation', 'timed-out']) {
      const [request] = target.of(`/${name}`);
      const cameAt = performance.timeOrigin + (request?.at ?? Infinity);
      expect(cameAt - (await closedAt(placed(name)))).toBeLessThan(PROMISED_MS);
    }
  });

  it('after its flow end was delivered: nothing comes again', async () => {
    await until(() => target.of('/prompt').length > 0);
    await until(async () => (await reconciled(placed('delivered'))) === 1);
    await pause(2000);
    expect(endsAt('/delivered')).toHaveLength(1);
  });

  it('D4: its report is kept, as cancelled and with its way', async () => {
    const { workflowId } = placed('webhook').handle;
    await until(async () => (await store.reports.get(1, workflowId)) !== undefined);
    const report = await store.reports.get(1, workflowId);
    expect(report).toMatchObject({ outcome: 'cancelled', error: { code: 'TERMINATED', widget: 'it' } });
    expect(report?.path.map(({ widget }) => widget)).toEqual(['answer', 'set', 'it']);
  });
});

describe('E2, B7: a call that is terminated while a sequence is out', () => {
  it('E2, B7: the sequence is asked for again, and its widgets stand in report and flow end', async () => {
    const call = placed('sequence');
    await until(() => target.of('/sequence').length > 0);
    const [payload] = endsAt('/sequence');
    expect(payload?.keys).toContainEqual({ name: '$flow.key.step', value: 'reached' });
    expect(payload?.callDetails).toMatchObject([{ hangupCause: '31' }]);
    const { workflowId } = call.handle;
    await until(async () => (await store.reports.get(1, workflowId)) !== undefined);
    const report = await store.reports.get(1, workflowId);
    expect(report?.path.map(({ widget, line }) => `${widget} ${line}`)).toEqual(['answer next', 'set next', 'it null']);
    expect(report).toMatchObject({ outcome: 'cancelled', error: { code: 'TERMINATED', widget: 'it' } });
    expect(hangUps(call)).toHaveLength(1);
  });
});

describe('E2: what looks for such calls cannot be ended', () => {
  it('with the reconciler terminated beside the call, and kill -9 of worker after worker, it comes once', async () => {
    await place('all-killed', { flow: flow(inPrompt), caller: staying }, (call) => entered(call, 'it'));
    const call = placed('all-killed');
    // A leg that takes its time, so that the worker dies in between.
    const obey = stack.simulator.bridge.bridgeCommand.bind(stack.simulator.bridge);
    stack.simulator.bridge.bridgeCommand = async (command) => {
      if (command.type === 'hangUp') await pause(1500);
      return obey(command);
    };
    await Promise.all([call.handle.terminate(), stack.client.workflow.getHandle('reconciler').terminate()]);
    await stack.kill(worker);
    worker = await stack.startWorker({ DATABASE_URL: database.url });
    await until(async () => (await reconciled(call)) === 1);
    await stack.kill(worker);
    worker = await stack.startWorker({ DATABASE_URL: database.url });
    await until(() => target.of('/all-killed').length > 0);
    await pause(3000);
    expect(endsAt('/all-killed')).toHaveLength(1);
    expect(new Set(hangUps(call).map(({ commandId }) => commandId)).size).toBe(1);
    // The second reconciler has looked a day back: what was told is not told again.
    for (const name of ['prompt', 'webhook', 'waiting', 'conversation', 'timed-out', 'unseen'])
      expect([name, target.of(`/${name}`).length]).toEqual([name, 1]);
    expect(target.of('/untold')).toHaveLength(0);
  });

  it('a call that is reset lives on: only its newest run is looked after', async () => {
    const { handle } = placed('reset');
    await until(async () => (await reconciled(placed('reset'), 'Completed')) === 1);
    expect((await stack.client.workflow.getHandle(handle.workflowId).describe()).status.name).toBe('RUNNING');
    expect(endsAt('/reset')).toHaveLength(0);
    await stack.client.workflow.getHandle(handle.workflowId).terminate();
    await until(() => target.of('/reset').length > 0);
    expect(endsAt('/reset')).toHaveLength(1);
  }, 180_000);
});
