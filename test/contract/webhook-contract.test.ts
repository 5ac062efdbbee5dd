import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ContractWatch } from '../../src/activities/contract-watch.js';
import { createWebhookActivities } from '../../src/activities/webhook.js';
import { isQuick } from '../../src/judging/quick.js';
import { judging } from '../../src/judging/pool.js';
import { validateFlow } from '../../src/flow/validation/validate.js';
import { startEmbedded } from '../../src/store/embedded.js';
import { openStore, type Store } from '../../src/store/store.js';
import { answer, json, runTask, Target, taskFor } from '../support/target.js';

let target: Target;
let database: Awaited<ReturnType<typeof startEmbedded>>;
let store: Store;
beforeAll(async () => {
  [target, database] = [await Target.start(), await startEmbedded(null)];
  store = await openStore(database.url);
});
afterAll(async () => {
  await store.close();
  await Promise.all([target.stop(), database.stop(), judging.close()]);
});
beforeEach(() => void (target.received.length = 0));

const contract = {
  type: 'object',
  required: ['status'],
  properties: { status: { enum: ['open', 'sent'] }, total: { type: 'number' }, code: { pattern: '^[A-Z]+$' } },
};
const map = [{ saveIn: '$flow.key.status', path: 'data.status' }];
const ask = (response: object, contracts?: ContractWatch) => {
  const task = taskFor({ request: { url: target.url('/a') }, response });
  const keeping = { flow: 'contract', contact: '919800000001' };
  return runTask({ ...task, keeping }, createWebhookActivities({}, undefined, contracts));
};

describe('R10: contracts', () => {
  it('R10: an answer that keeps its contract has no mismatch', async () => {
    target.on('/a', json({ status: 'open', total: 1, code: 'AB' }));
    expect(await ask({ type: 'json', map, contract })).toMatchObject({ line: 'success', mismatches: [] });
    expect(await ask({ type: 'json', map })).not.toHaveProperty('mismatches');
  });

  it('R10: one that breaks it is reported by pointer, without a value, and the call goes its way', async () => {
    target.on('/a', json({ status: 'lost', total: '1', code: 'private' }));
    const outcome = await ask({ type: 'json', map, contract });
    expect(outcome).toMatchObject({ line: 'success', rows: [['$flow.key.status', 'lost']] });
    expect(outcome.mismatches?.map(({ at }) => at).sort()).toEqual(['/code', '/status', '/total']);
    expect(JSON.stringify(outcome.mismatches)).not.toMatch(/lost|private/);
  });

  it('R10: with "fail" it is INVALID_RESPONSE, and nothing is written', async () => {
    target.on('/a', json({ total: 1 }));
    const outcome = await ask({ type: 'json', map, contract, onMismatch: 'fail' });
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE', statusCode: 200, rows: [] });
    expect(outcome.detail).toBe(
      "The answer breaks its contract at its root, where have required property 'status' was expected.",
    );
    expect(outcome.mismatches).toHaveLength(1);
  });

  it('R10: XML is judged by a list of paths with types', async () => {
    target.on('/a', answer(200, '<o><n>7</n><n>x</n><t>1.5e3</t><b>true</b></o>'));
    const expected = [
      ['//n', 'integer'],
      ['//t', 'number'],
      ['//t', 'integer'],
      ['//b', 'boolean'],
      ['//none', 'string'],
    ].map(([path, type]) => ({ path, type }));
    const outcome = await ask({ type: 'xml', map: [], contract: expected });
    expect(outcome.mismatches?.map(({ at, expected }) => `${at} ${expected}`)).toEqual(['//n a integer', '//t a integer', '//none a string']); // prettier-ignore
  });

  it('R10: it is never judged in the thread of the worker, and a pattern runs in linear time', async () => {
    const by = { type: 'json', dialect: 'rfc9535' } as const;
    const given = { text: '{}', by, rows: [], contract: { onMismatch: 'warn', json: true } } as const;
    expect(isQuick({ kind: 'mapping', given: { ...given, rows: [] } })).toBe(false);
    target.on('/a', json({ code: `${'a'.repeat(50_000)}!` }));
    const slow = { properties: { code: { pattern: '^(a+)+$' } } };
    expect((await ask({ type: 'json', map, contract: slow })).mismatches?.map(({ at }) => at)).toEqual(['/code']);
  });

  it('R10: a schema that refers to itself without end breaks no call', async () => {
    target.on('/a', json({ status: 'open' }));
    const outcome = await ask({ type: 'json', map, contract: { $ref: '#' } });
    expect(outcome).toMatchObject({ line: 'success', rows: [['$flow.key.status', 'open']] });
  });

  it('R10: answers are counted in the store by account, flow and widget; one that drifts is found', async () => {
    target.on('/a', json({ status: 'open' }), json({ status: 'lost' }));
    const watch = new ContractWatch(() => Promise.resolve(store), 10);
    for (let asked = 0; asked < 2; asked += 1) await ask({ type: 'json', map, contract }, watch);
    const now = Date.now();
    await vi.waitFor(async () => {
      await store.contractCounts.add([{ accountId: 1, flowId: 'contract', widget: 'lookup', answers: 1, mismatches: 0 }], now); // prettier-ignore
      expect(await store.contractCounts.drifting(now)).toEqual([]);
    });
    await store.contractCounts.add([{ accountId: 1, flowId: 'contract', widget: 'lookup', answers: 300, mismatches: 3 }], now); // prettier-ignore
    await vi.waitFor(async () => {
      const [drifting] = await store.contractCounts.drifting(now);
      expect(drifting).toMatchObject({ accountId: 1, flowId: 'contract', widget: 'lookup', mismatches: 4 });
    });
    expect(await store.contractCounts.drifting(now + 3_700_000)).toEqual([]);
  });

  it('R10: few answers, and 1 % of many, are no drift', async () => {
    const of = (widget: string, answers: number, mismatches: number) => ({ accountId: 2, flowId: 'contract', widget, answers, mismatches }); // prettier-ignore
    await store.contractCounts.add([of('few', 199, 199), of('one', 200, 2), of('more', 200, 3)]);
    const drifting = await store.contractCounts.drifting();
    expect(drifting.filter(({ accountId }) => accountId === 2).map(({ widget }) => widget)).toEqual(['more']);
  });
});

it.each([
  [{ contract: { type: 'objec' } }, 'INVALID_VALUE', '/contract/type'],
  [{ contract: { properties: { a: { minimum: 'x' } } } }, 'INVALID_VALUE', '/contract/properties/a/minimum'],
  [{ contract: { $ref: 'https://example.com/schema' } }, 'INVALID_VALUE', '/contract/$ref'],
  [{ contract: { $ref: '#/$defs/none' } }, 'INVALID_VALUE', '/contract/$ref'],
  [{ contract: { properties: { a: { pattern: '(?=a)' } } } }, 'INVALID_VALUE', '/contract/properties/a/pattern'],
  [{ contract: { patternProperties: { '(': true } } }, 'INVALID_VALUE', '/contract/patternProperties/('],
  [{ contract: { description: 'x'.repeat(66_000) } }, 'INVALID_VALUE', '/contract'],
  [{ onMismatch: 'fail' }, 'INVALID_VALUE', '/onMismatch'],
  [{ contract: 'x' }, 'INVALID_VALUE', '/contract'],
  [{ contract: { enum: [{ pattern: '(' }], $ref: '#/$defs/a', $defs: { a: { $anchor: 'x' } }, allOf: [{ $ref: '#x' }] } }, undefined, ''], // prettier-ignore
])('R10, D5: %.80j is %s at %s', (more, code, place) => {
  const response = { type: 'json', map: [], ...more };
  const widgets = { a: { type: 'webhook', request: { method: 'GET', url: 'https://example.com' }, response } };
  const flow = { hookline: 1, id: 'contract', name: 'Contract', type: 'inbound', start: 'a', widgets };
  const { errors } = validateFlow(flow);
  expect(errors.map((one) => [one.code, one.pointer])).toEqual(code ? [[code, `/widgets/a/response${place}`]] : []);
});
