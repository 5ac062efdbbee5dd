import { expect, it } from 'vitest';
import { nextItem } from './list-items.js';

const LIST = { over: '$flow.key.slot', saveIn: '$flow.key.one' };
const move = (values: Record<string, string>, sensitive: string[] = []) =>
  nextItem(LIST, Object.entries(values), (name) => sensitive.includes(name));

it('D2c: moves from item to item, and after the last number that has a value it is done and forgets its place', () => {
  const list = { '$flow.key.slot_1': 'a', '$flow.key.slot_3': 'c', '$flow.key.slot_size': '3' };
  const at = (index: string) => move({ ...list, '$flow.key.one_index': index });
  const write = (value: string | null, index: string | null) => [
    ['$flow.key.one', value, false],
    ['$flow.key.one_index', index],
  ];
  expect(move(list)).toEqual({ line: 'item', writes: write('a', '1') });
  expect(at('1')).toEqual({ line: 'item', writes: write(null, '2') });
  expect(at('2')).toEqual({ line: 'item', writes: write('c', '3') });
  expect(at('3')).toEqual({ line: 'done', writes: write(null, null) });
  expect(move({})).toEqual({ line: 'done', writes: [['$flow.key.one_index', null]] });
});

it('D2c: each field of an item is saved by its name, and one that the item lacks becomes absent', () => {
  const list = { '$flow.key.slot_1_id': 'A', '$flow.key.slot_1_doctor': 'Rao', '$flow.key.slot_2_id': 'B' };
  expect(move({ ...list, '$flow.key.one_index': '1', '$flow.key.one_doctor': 'Rao' }).writes).toEqual([
    ['$flow.key.one_id', 'B', false],
    ['$flow.key.one_doctor', null, false],
    ['$flow.key.one_index', '2'],
  ]);
});

it('V7: an item takes its own mark along', () => {
  expect(move({ '$flow.key.slot_1': 'a' }, ['$flow.key.slot_1']).writes[0]).toEqual(['$flow.key.one', 'a', true]);
});

it('D2c: more than 100 items, other variables of that beginning and a place that is no number count for nothing', () => {
  const values = {
    '$flow.key.slot_101': 'x',
    '$flow.key.slot_a': 'x',
    '$flow.key.slots_1': 'x',
    '$flow.key.one_index': 'x',
  };
  expect(move(values).line).toBe('done');
});
