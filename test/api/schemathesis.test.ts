import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR_KEY, type TestApi, testApi } from '../support/api.js';
import { type TestCalls, testCalls } from '../support/calls.js';
import { schemathesis, tryApi } from '../support/schemathesis.js';

const found = schemathesis();
if ('missing' in found) console.log(`skipped: ${found.missing}`);
const folder = 'folder' in found ? found.folder : '';
/** Its own answers are 200 with a code of their own, whatever is wrong. */
const KAIROS = '/kairos-apis/outbound/create';
const EVERYWHERE =
  'not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance';

describe.skipIf(folder === '')('schemathesis over the OpenAPI document', () => {
  let api: TestApi;
  let calls: TestCalls;
  beforeAll(async () => {
    api = await testApi();
    calls = await testCalls(api);
    const outbound = { bridge: calls.bridge, from: '912200000002' };
    await api.send('POST', '/v1/accounts', {
      id: 1,
      countryCode: '91',
      securityId: '1'.repeat(64),
      agents: [{ number: '9879964805' }],
      outbound,
    });
  });
  afterAll(async () => {
    await calls.stop();
    await api.stop();
  });

  it('finds no 5xx, nothing that breaks the schema of an answer, and no request that should have been refused', async () => {
    const options = [
      '--exclude-path',
      KAIROS,
      '--checks',
      `${EVERYWHERE},negative_data_rejection`,
      '--max-examples',
      '25',
      // Its coverage phase computes for minutes over the document, and sends little meanwhile.
      '--phases',
      'examples,fuzzing,stateful',
    ];
    const { passed, output } = await tryApi(folder, api.url, OPERATOR_KEY, options);
    expect(passed, output).toBe(true);
    expect(Number(/(\d+) generated/.exec(output)?.[1])).toBeGreaterThan(500);
  }, 300_000);

  it('finds no 5xx and no odd answer of the outbound request', async () => {
    const options = ['--include-path', KAIROS, '--checks', EVERYWHERE, '--max-examples', '50'];
    const { passed, output } = await tryApi(folder, api.url, OPERATOR_KEY, options);
    expect(passed, output).toBe(true);
  }, 300_000);
});
