import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { validateFlow } from '../../src/flow/validation/validate.js';
import { openStore, type Store } from '../../src/store/store.js';
import { type TestDatabase, testDatabase } from '../support/databases.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';

let rig: Rig;
let database: TestDatabase;
let store: Store;
let id = 800;
beforeAll(async () => {
  database = await testDatabase();
  store = await openStore(database.url);
  rig = await timeSkippingRig({ store: () => Promise.resolve(store), limits: { renewAfterEvents: 12 } });
});
afterAll(async () => {
  await rig.close();
  await store.close();
  await database.stop();
});
beforeEach(async () => {
  id += 1;
  await store.accounts.create(id, { id });
});

const save = async (flow: object) => {
  const document = flow as { id: string };
  const { version } = await store.flows.save(id, { id: document.id, name: '', type: 'inbound' }, flow as Record<string, unknown>); // prettier-ignore
  await store.flows.publish(id, document.id, version);
};
const say = (text: string, next?: string) => ({
  ...{ type: 'play', prompt: { text }, lines: next === undefined ? {} : { next } },
});
/** Its widget `deep` runs a subflow of its own document, whose id the flow around has, too. */
const greeting = (word: string) => ({
  ...{ hookline: 1, id: 'greeting', start: 'pause' },
  inputs: { '$flow.key.who': { required: true }, '$flow.key.word': { default: word, sensitive: true } },
  widgets: {
    pause: { type: 'delay', seconds: 1, lines: { next: 'more' } },
    more: { type: 'delay', seconds: 1, lines: { next: 'deep' } },
    deep: { type: 'subflow', flow: 'inner001', lines: { next: 'out' } },
    out: { type: 'return', line: 'said' },
  },
  subflows: [{ id: 'inner001', start: 'say', widgets: { say: say(`${word} $flow.key.who`) } }],
});
const run = (flow: object, given: Record<string, string>, lines: object = { said: 'bye', failure: 'sorry' }) =>
  flowOf(
    {
      run: { type: 'subflow', flow, with: given, lines },
      bye: { type: 'hangUp' },
      sorry: { type: 'hangUp' },
    },
    { subflows: [{ id: 'inner001', start: 'say', widgets: { say: say('wrong') } }] },
  );
const heard = () => rig.commands.flatMap((one) => (one.type === 'play' ? one.prompts : []));

it('C2, D2c: a stored flow is read when the call starts and travels with it, by its own subflows, inputs and exits', async () => {
  await save(greeting('Hello'));
  await save(greeting('Welcome'));
  const who = { '$flow.key.who': 'Asha' };
  const { handle, report } = await rig.start({ flow: run({ id: 'greeting' }, who), account: { id } });
  await vi.waitFor(async () => expect(await handle.query('path')).toContain('run/pause'), { timeout: 10_000 });
  // The call has begun with the version that was published then.
  await save(greeting('Good day'));
  const { path, variables } = await report();
  expect(path.map(({ widget, line }) => `${widget}:${String(line)}`)).toEqual([
    ...[
      'run:said',
      'run/pause:next',
      'run/more:next',
      'run/deep:next',
      'run/deep/say:next',
      'run/out:null',
      'bye:null',
    ],
  ]);
  expect(heard().at(-1)).toEqual({ text: 'Welcome Asha' });
  expect(variables).toMatchObject({ '$flow.key.word': '***' });
  expect(handle.workflowId).toContain(`call-${id}-`);
  const first = await rig.run({ flow: run({ id: 'greeting', version: 1 }, who), account: { id } });
  expect(first.outcome).toBe('completed');
  expect(heard().at(-1)).toEqual({ text: 'Hello Asha' });
});

it('D2b, D2c: a required input without a value takes failure', async () => {
  await save(greeting('Hello'));
  const { path } = await rig.run({ flow: run({ id: 'greeting' }, {}), account: { id } });
  expect(path.map(({ widget, line }) => [widget, line])).toEqual([['run', 'failure'], ['sorry', null]]); // prettier-ignore
});

it('C4, V6: a stored flow that is not there, that is not valid any more, or too many of them refuse the call', async () => {
  const refused = async (flow: object) => {
    const { handle } = await rig.start({ flow, account: { id } });
    return handle.result().then(
      () => undefined,
      (error: { cause: { type: string; details: { code: string; pointer: string }[][] } }) => error.cause,
    );
  };
  expect(await refused(run({ id: 'nothere1' }, {}, {}))).toMatchObject({ type: 'FLOW_UNKNOWN' });
  await save({ ...greeting('Hello'), widgets: { pause: { type: 'nothing' } } });
  const invalid = await refused(run({ id: 'greeting' }, {}, {}));
  expect(invalid).toMatchObject({ type: 'INVALID_FLOW' });
  expect(invalid?.details[0]?.[0]?.pointer).toBe('/flow/subflows/greeting/widgets/pause/type');
  const large = { ...flowOf({ say: say('a'.repeat(300_000)) }), id: 'large001' };
  await save(large);
  await save({ ...large, id: 'large002', name: 'Other' });
  const both = flowOf({
    a: { type: 'subflow', flow: { id: 'large001' }, lines: { next: 'b' } },
    b: { type: 'subflow', flow: { id: 'large002' } },
  });
  expect(await refused(both)).toMatchObject({ type: 'INVALID_FLOW', details: [[{ code: 'DOCUMENT_TOO_LARGE' }]] });
});

it('D5: what a stored flow sets is not known, so nothing is said to be unset', () => {
  const { errors, warnings } = validateFlow(flowOf({ run: { type: 'subflow', flow: { id: 'greeting' }, lines: { next: 'say' } }, say: say('$flow.key.result') })); // prettier-ignore
  expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
  const wrong = validateFlow(flowOf({ run: { type: 'subflow', flow: { id: 'nope' } } }));
  expect(wrong.errors).toMatchObject([{ code: 'INVALID_VALUE', pointer: '/widgets/run/flow/id' }]);
});
