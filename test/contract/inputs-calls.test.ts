import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readForRun } from '../../src/cli/documents.js';
import { validateFlow } from '../../src/flow/validation/validate.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await timeSkippingRig();
});
afterAll(() => rig.close());

const inputs = {
  '$flow.key.name': { required: true, notes: 'As the customer writes it.' },
  '$flow.key.amount': { default: 0 },
  '$flow.key.pin': { sensitive: true },
};
const flow = flowOf(
  {
    say: { type: 'play', prompt: { text: 'Dear $flow.key.name, you owe $flow.key.amount.' }, lines: { next: 'rate' } },
    rate: {
      type: 'storeVariable',
      assign: [
        { saveIn: '$flow.key.rating', value: '5' },
        { saveIn: '$flow.key.code', value: 'x$flow.key.pin' },
      ],
    },
  },
  { inputs, report: ['$flow.key.rating', '$flow.key.code', '$flow.key.never', '$flow.key.name'] },
);

it('D2b: a call begins with its values, and with the defaults of those that it was not given', async () => {
  const report = await rig.run({ flow, variables: { '$flow.key.name': 'Asha', '$flow.key.amount': null } });
  expect(rig.commands.find(({ type }) => type === 'play')).toMatchObject({
    prompts: [{ text: 'Dear Asha, you owe 0.' }],
  });
  expect(report.variables).toMatchObject({ '$flow.key.amount': '0' });
});

it('D2b, C4: a start without a required one is refused, with the place', async () => {
  const { handle } = await rig.start({ flow, variables: { '$flow.key.name': null } });
  const details = [[{ code: 'INPUT_MISSING', pointer: '/variables/$flow.key.name' }]];
  await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'INVALID_INPUT', details } });
});

it('D2b, V7: the report keeps the variables that the flow names; a sensitive input is masked, and what is made of it', async () => {
  const variables = { '$flow.key.name': 'Asha', '$flow.key.pin': '1234' };
  const report = await rig.run({ flow, variables });
  expect(report.persisted).toEqual({ '$flow.key.name': 'Asha', '$flow.key.rating': '5', '$flow.key.code': '***' });
  expect(report.variables['$flow.key.pin']).toBe('***');
});

it('D2b, D5: an input is never said to be unset; what is reported and never set is', () => {
  expect(validateFlow(flow).warnings).toMatchObject([{ code: 'VARIABLE_NEVER_SET', pointer: '/report/2' }]);
  const wrong = { ...flow, inputs: { 'flow.key.a': {}, '$flow.key.b': { need: true } }, report: ['$call.id'] };
  expect(validateFlow(wrong).errors.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
    'INVALID_VALUE /inputs/flow.key.a',
    'UNKNOWN_FIELD /inputs/$flow.key.b/need',
    'INVALID_VALUE /report/0',
  ]);
});

it('D2b, D4: the command line names what is missing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-inputs-'));
  const file = join(folder, 'flow.json');
  await writeFile(file, JSON.stringify(flow));
  const given = async (...set: string[]) => (await readForRun(file, { set })).errors;
  expect(await given()).toMatchObject([{ code: 'INPUT_MISSING', pointer: '/$flow.key.name' }]);
  expect(await given('$flow.key.name=')).toEqual([]);
  await rm(folder, { recursive: true });
});
