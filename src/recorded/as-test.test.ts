import { expect, it } from 'vitest';
import { asTest } from './as-test.js';

const request = (outcome: object) => ({
  ...{ type: 'webhook', widget: 'status', visit: 1, waited: true, timeout: 5, variables: {}, seconds: 0.1 },
  request: { method: 'GET', url: 'https://example.com/a', query: [], auth: { type: 'none' } },
  ...{ response: { type: 'none' }, retry: { resend: true } },
  outcome: { line: 'success', statusCode: 200, duration: 0, truncated: false, rows: [], attempts: 0, ...outcome },
});
const call = (outcome: object) => ({
  ...{
    call: 'call-1',
    id: 'a',
    uuid: null,
    startedAt: '2026-03-02T15:30:00Z',
    variables: {},
    heard: [],
    holdTune: false,
  },
  caller: { from: '1', to: '2', steps: [], legs: {} },
  report: { outcome: 'completed', path: [], variables: {}, flowEnd: null, error: null },
  requests: [request(outcome)],
});

it('R11: a call that read a kept answer again becomes a test that has it', () => {
  const fresh = asTest(call({ raw: '{"n":1}', age: 20.5 }) as never);
  expect(fresh).toMatchObject({ answers: {}, kept: { status: { json: { n: 1 }, age: 20.5 } } });
  const stale = asTest(call({ raw: 'text', age: 600, stale: true, attempts: 3 }) as never);
  expect(stale.kept).toEqual({ status: { text: 'text', age: 600 } });
  expect(stale.answers).toEqual({
    status: [{ error: 'connection' }, { error: 'connection' }, { error: 'connection' }],
  });
  expect(asTest(call({ raw: '{"n":1}', attempts: 1 }) as never)).not.toHaveProperty('kept');
});
