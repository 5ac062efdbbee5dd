import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { json, runTask, Target, taskFor } from '../support/target.js';

let target: Target;
beforeAll(async () => {
  target = await Target.start();
});
afterAll(() => target.stop());
beforeEach(() => {
  target.received.length = 0;
  target.on(
    '/items',
    json({
      items: [
        { id: "it's", name: 'lamp' },
        { id: 'b', name: 'desk' },
      ],
    }),
  );
});

const ask = (path: string, variables: Record<string, string>) => {
  const response = { type: 'json', map: [{ saveIn: '$flow.key.found', path, mandatory: true }] };
  return runTask(taskFor({ request: { url: target.url('/items') }, response }, { variables }));
};

it('V4: a path finds by the value of a variable, whatever that holds', async () => {
  expect(await ask("data.items[?@.id == '$flow.key.id'].name", { '$flow.key.id': "it's" })).toMatchObject({
    line: 'success',
    rows: [['$flow.key.found', 'lamp']],
  });
  expect((await ask('data.items[$flow.key.n].name', { '$flow.key.n': '1' })).rows).toEqual([
    ['$flow.key.found', 'desk'],
  ]);
});

it('V4: a variable that is absent, or an index that is no number, is found before anything is sent', async () => {
  expect(await ask("data['$flow.key.id']", {})).toMatchObject({
    line: 'failure',
    reason: 'INVALID_FLOW_VAR',
    attempts: 0,
  });
  const index = await ask('data.items[$flow.key.n]', { '$flow.key.n': '0] | data' });
  expect(index).toMatchObject({ line: 'failure', reason: 'INVALID_REQUEST', attempts: 0 });
  expect(target.received).toEqual([]);
});

it('V4, C6: a detail shows the path as it was written, without the value', async () => {
  const { reason, detail } = await ask("data.items[?@.id == '$flow.key.id'].name", { '$flow.key.id': 'secret-77' });
  expect(reason).toBe('INVALID_RESPONSE_MAP');
  expect(detail).toContain("'$flow.key.id'");
  expect(detail).not.toContain('secret-77');
});
