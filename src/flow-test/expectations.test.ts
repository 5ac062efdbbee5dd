import { describe, expect, it } from 'vitest';
import type { CallReport } from '../engine/call-report.js';
import { flowTest } from '../flow/documents/flow-test.js';
import type { SentRequest } from './answers.js';
import { failuresOf, type Observed } from './expectations.js';

const path = ['answer:next', 'lookup:success', 'say:next', 'bye'].map((step) => {
  const [widget = '', line = null] = step.split(':');
  return { widget, type: 'play' as const, line, lineNumber: null };
});
const report: CallReport = {
  ...{ call: 'call-1-x', outcome: 'completed', path, variables: { '$flow.key.status': 'shipped' } },
  ...{ persisted: {}, flowEnd: null, error: null },
};
const request: SentRequest = {
  ...{ sender: 'lookup', method: 'POST', url: 'https://api.example.com/orders/7?a=1', got: '200' },
  ...{ headers: [['X-Tenant', 'north']], body: '{"order":{"id":7,"rush":true}}' },
};
const call: Observed = {
  report,
  prompts: ['Welcome to us.', 'It is shipped.'],
  holdTune: false,
  heardAt: [],
  unscripted: [],
  sent: [request],
};

/** The failures of the call above, changed, as `what: line; line`. */
function failures(expected: object, changed: Partial<Observed> = {}): string[] {
  const { expect: parsed } = flowTest.parse({ expect: expected });
  return failuresOf(parsed, { ...call, ...changed }).map(({ what, lines }) => `${what}: ${lines.join('; ')}`);
}

describe('what a test expects of its call', () => {
  it('nothing expected: a call that completed or was hung up passes, any other fails with its reason', () => {
    expect(failures({})).toEqual([]);
    expect(failures({}, { report: { ...report, outcome: 'hungUp' } })).toEqual([]);
    const error = { code: 'WIDGET_LIMIT' as const, message: 'too many', widget: null };
    const failed: CallReport = { ...report, outcome: 'failed', error };
    expect(failures({}, { report: failed })).toEqual([
      'outcome: - completed or hungUp; + failed (WIDGET_LIMIT: too many)',
    ]);
    expect(failures({ error: 'WIDGET_LIMIT' }, { report: failed })).toEqual([]);
    expect(failures({ outcome: 'failed' }, { report: failed })).toEqual([]);
    expect(failures({ error: 'CALL_TOO_LONG' })).toEqual(['error: - CALL_TOO_LONG; + none']);
  });

  it('path: the whole way; a failure marks where the ways part', () => {
    expect(failures({ path: ['answer', 'lookup:success', 'say', 'bye'] })).toEqual([]);
    expect(failures({ path: ['answer', 'lookup:failure', 'sorry'] })).toEqual([
      'path: from place 2 on:;   answer; - lookup:failure → sorry; + lookup:success → say:next → bye',
    ]);
    expect(failures({ path: ['answer', 'lookup', 'say'] })).toEqual([
      'path: from place 4 on:;   answer → lookup → say; - (the end); + bye',
    ]);
    expect(failures({ path: [] })).toHaveLength(1);
  });

  it('passes: some widgets in order, with or without their lines', () => {
    expect(failures({ passes: ['answer', 'say:next'] })).toEqual([]);
    expect(failures({ passes: ['say', 'lookup'] })).toEqual(['passes: - lookup after say; + bye']);
    expect(failures({ passes: ['lookup:failure'] })).toHaveLength(1);
  });

  it('variables: values as text, null for one that is absent', () => {
    expect(failures({ variables: { '$flow.key.status': 'shipped', '$flow.key.none': null } })).toEqual([]);
    expect(failures({ variables: { '$flow.key.status': null, '$flow.key.none': 1 } })).toEqual([
      'variables: $flow.key.status; - absent; + "shipped"',
      'variables: $flow.key.none; - "1"; + absent',
    ]);
  });

  it('heard: parts of prompts in order; notHeard: parts that are in none', () => {
    expect(failures({ heard: ['Welcome', 'shipped'], notHeard: ['packed'], holdTune: false })).toEqual([]);
    expect(failures({ heard: ['shipped', 'Welcome'] })).toEqual(['heard: - "Welcome"; + "It is shipped."']);
    expect(failures({ notHeard: ['Welcome'] })).toEqual(['notHeard: - not "Welcome"; + "Welcome to us."']);
    expect(failures({ holdTune: true })).toEqual(['holdTune: - the hold tune is heard; + no hold tune is heard']);
  });

  it('requests: method, URL or its path, headers in any case, a part of a JSON body', () => {
    const fitting = { method: 'post', url: '/orders/7?a=1', headers: { 'x-tenant': 'north', Accept: null } };
    expect(failures({ requests: { lookup: { ...fitting, body: { order: { id: 7 } } } } })).toEqual([]);
    expect(failures({ requests: { lookup: [{ url: 'https://api.example.com/orders/7?a=1' }], other: [] } })).toEqual(
      [],
    );
    expect(failures({ requests: { lookup: { url: '/orders/8', body: { order: { id: 8 } }, headers: { A: 'b' } } } })).toEqual([
      'requests: lookup; /url; - "/orders/8"; + "/orders/7?a=1"; /headers/A; - "b"; + absent; /body/order/id; - 8; + 7',
    ]); // prettier-ignore
  });

  it('requests: a list is all of them in turn, one stands for each, and there is one', () => {
    const sent = [request, { ...request, method: 'GET' }];
    expect(failures({ requests: { lookup: [{ method: 'POST' }, { method: 'GET' }] } }, { sent })).toEqual([]);
    expect(failures({ requests: { lookup: { url: '/orders/7?a=1' } } }, { sent })).toEqual([]);
    expect(failures({ requests: { lookup: { method: 'POST' } } }, { sent })).toEqual([
      'requests: lookup, request 2; /method; - "POST"; + "GET"',
    ]);
    expect(failures({ requests: { lookup: [{}] } }, { sent })[0]).toContain('- 1 request; + 2 requests');
    expect(failures({ requests: { lookup: {} } }, { sent: [] })[0]).toContain('- 1 request; + no requests');
  });

  it('a body that is no JSON is compared as text', () => {
    const sent = [{ ...request, body: 'a=1&b=2' }];
    expect(failures({ requests: { lookup: { body: 'a=1&b=2' } } }, { sent })).toEqual([]);
    expect(failures({ requests: { lookup: { body: { a: 1 } } } }, { sent })).toHaveLength(1);
  });

  it('flowEnd: a part of its payload, or null for none', () => {
    const keys = [{ name: '$flow.key.a', value: '1' }, { name: '$flow.key.b', value: '2' }]; // prettier-ignore
    const payload = { callDetails: [], keys, 'phonon-uuid': 'u' };
    const told = { report: { ...report, flowEnd: { delivered: true, attempts: 1, payload } } };
    expect(failures({ flowEnd: null })).toEqual([]);
    expect(failures({ flowEnd: { keys: [{ name: '$flow.key.b' }] } }, told)).toEqual([]);
    expect(failures({ flowEnd: { keys: [{ name: '$flow.key.c' }] } }, told)).toHaveLength(1);
    expect(failures({ flowEnd: null }, told)).toHaveLength(1);
    expect(failures({ flowEnd: {} })).toEqual(['flowEnd: - {}; + none']);
  });

  it('a request without an answer fails the test, told once for its widget, with what to add', () => {
    const sent = [{ ...request, got: null }, { ...request, got: null }]; // prettier-ignore
    const told = failures({}, { sent });
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('POST https://api.example.com/orders/7?a=1');
    expect(told[0]).toContain('"lookup": { "status": 200');
  });
});
