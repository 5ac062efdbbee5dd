import { expect, it } from 'vitest';
import { inputDefaults, missingInputs, sensitiveInputs } from './inputs.js';

const plain = { required: false, sensitive: false };
const inputs = {
  '$flow.key.a': { ...plain, required: true },
  '$flow.key.b': { ...plain, required: true, default: 'x', sensitive: true },
  '$flow.key.c': plain,
};

it('D2b: a required input is missing when it has neither value nor default; null is no value, the empty text is one', () => {
  expect(missingInputs(inputs, {}).map(({ pointer }) => pointer)).toEqual(['/$flow.key.a']);
  expect(missingInputs(inputs, { '$flow.key.a': null })).toHaveLength(1);
  expect(missingInputs(inputs, { '$flow.key.a': '' })).toEqual([]);
  expect(missingInputs(undefined, {})).toEqual([]);
});

it('D2b, V7: a default stands where there is no value, and the mark is of the name', () => {
  expect(inputDefaults(inputs, { '$flow.key.b': null })).toEqual({ '$flow.key.b': 'x' });
  expect(inputDefaults(inputs, { '$flow.key.b': 'y' })).toEqual({});
  expect(sensitiveInputs(inputs)).toEqual(['$flow.key.b']);
});
