import { expect, it } from 'vitest';
import { flowTestFaults, validateFlowTest } from '../flow/validation/flow-test.js';
import { validateAccount, validateFlow } from '../flow/validation/validate.js';
import { flowIdOf, initFiles } from './init-files.js';

const files = initFiles('my-shop');
const read = (path: string) => JSON.parse(files[path] ?? 'null') as unknown;

it('D1: the documents of a new folder are valid together, without a warning', () => {
  const account = validateAccount(read('account.json'));
  const flow = validateFlow(read('flow.json'), account.value);
  expect(account).toMatchObject({ errors: [], warnings: [] });
  expect(flow).toMatchObject({ errors: [], warnings: [] });
  const tests = Object.keys(files).filter((path) => path.endsWith('.test.json'));
  expect(tests).toHaveLength(2);
  for (const path of tests) {
    const { value, errors } = validateFlowTest(read(path));
    expect(errors).toEqual([]);
    expect(value && flow.value && flowTestFaults(value, flow.value)).toEqual([]);
  }
});

it('D1: each schema that the editor is given is in the folder', () => {
  const { 'json.schemas': schemas } = read('.vscode/settings.json') as { 'json.schemas': { url: string }[] };
  for (const { url } of schemas) expect(Object.keys(files)).toContain(url.replace('./', ''));
});

it('D2: an id is made of any name', () => {
  expect(['my-shop', 'a', 'Customer-Service.2'].map(flowIdOf)).toEqual(['myshop00', 'a0000000', 'Customer']);
});
