import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';
import { Target, json } from '../support/target.js';

let rig: Rig;
let target: Target;
beforeAll(async () => {
  [rig, target] = await Promise.all([timeSkippingRig(), Target.start()]);
});
afterAll(async () => {
  await rig.close();
  await target.stop();
});

type Row = [saveIn: string, path: string];

/** What stands in variables and report after two answers, each read by rows of its own. */
async function afterBoth(first: unknown, second: unknown, { rows = SLOTS, before = {} } = {}) {
  target.on('/first', json(first)).on('/second', json(second));
  const hook = (path: string, map: Row[], next: string) => ({
    type: 'webhook',
    request: { method: 'GET', url: target.url(path) },
    response: { type: 'json', map: map.map(([name, path]) => ({ saveIn: `$flow.key.${name}`, path })) },
    persist: true,
    lines: { success: next, failure: next },
  });
  const done = { type: 'storeVariable', assign: [{ saveIn: '$flow.key.done', value: 'yes' }] };
  const { variables, persisted } = await rig.run({
    flow: flowOf({ one: hook('/first', SLOTS, 'two'), two: hook('/second', rows, 'done'), done }),
    account: { httpEnabled: true, targetAllowList: ['127.0.0.1'] },
    variables: before,
  });
  expect(variables['$flow.key.done']).toBe('yes');
  const slots = (all: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (name.includes('.slot') ? [[name.slice(10), value]] : [])),
    );
  return { variables: slots(variables), persisted: slots(persisted) };
}

const SLOTS: Row[] = [['slot', 'data.slots']];
const three = { slots: ['09:00', '10:00', '11:00'] };

describe('R5: nothing of an earlier array survives what a row writes', () => {
  it.each([
    ['a single match', '12:00', { slot: '12:00' }],
    ['an object', { t: 1 }, { slot: '{"t":1}' }],
    ['null', null, {}],
    ['a shorter array', ['12:00'], { slot_1: '12:00', slot_size: '1' }],
    ['an empty array', [], { slot_size: '0' }],
  ])('R5: after an array %s leaves no item and no size, in the report neither', async (_what, slots, left) => {
    const { variables, persisted } = await afterBoth(three, { slots });
    expect(variables).toEqual(left);
    expect(persisted).toEqual(left);
  });

  it('R5: fields of items go too; names that only look alike stay', async () => {
    const stays = { slot_101: 'a', slot_2026: 'b', slot_0: 'c', slot_name: 'd', slots_1: 'e', slot_1_a_b: 'f' };
    const goes = { slot_1_id: 'x', slot_100_name: 'x', slot_7: 'x' };
    const before = Object.fromEntries(
      Object.entries({ ...stays, ...goes }).map(([name, value]) => [`$flow.key.${name}`, value]),
    );
    const { variables } = await afterBoth({}, { slots: '12:00' }, { before });
    expect(variables).toEqual({ ...stays, slot: '12:00' });
  });

  it('R5, R6: what another row of the same answer writes stays, and a row without a match clears nothing', async () => {
    const rows: Row[] = [
      ['slot_1', 'data.first'],
      ['slot', 'data.slots'],
    ];
    const beside = await afterBoth(three, { slots: '12:00', first: 'own' }, { rows });
    expect(beside.variables).toEqual({ slot: '12:00', slot_1: 'own' });
    const none = await afterBoth(three, {});
    expect(none.variables).toEqual({ slot_1: '09:00', slot_2: '10:00', slot_3: '11:00', slot_size: '3' });
  });

  it('R5, R6: an answer of which nothing is written clears nothing', async () => {
    const rows: Row[] = [
      ['slot', 'data.slots'],
      ['big', 'data.big'],
    ];
    const big = { slots: '12:00', big: 'x'.repeat(65 * 1024) };
    const { variables } = await afterBoth(three, big, { rows });
    expect(variables).toMatchObject({ slot_1: '09:00', slot_size: '3' });
  });
});
