import { expect, it } from 'vitest';
import {
  fill,
  orAbsent,
  orAbsentAlone,
  orEmpty,
  orFail,
  TemplateError,
  withEmptyDefaults,
  type Lookup,
} from './fill.js';

const lookup: Lookup = (name) => ({ '$flow.key.name': 'Asha & "Co"\r\n', '$flow.key.empty': '' })[name];

it('T6: a value goes into plain text as it is', () => {
  expect(fill('Dear $flow.key.name!', lookup, orFail)).toBe('Dear Asha & "Co"\r\n!');
});

it('V2: a braced variable ends where its brace ends, and $$ is a dollar', () => {
  expect(fill('${flow.key.name}px for $$5 and $order.id', lookup, orFail)).toBe(
    'Asha & "Co"\r\npx for $5 and $order.id',
  );
});

it('V3: an empty value is a value, even where absent ones fail', () => {
  expect(fill('[$flow.key.empty]', lookup, orFail)).toBe('[]');
});

it('W5: an absent variable fails with its name, or leaves its place empty', () => {
  const failing = () => fill('Dear $flow.key.nobody', lookup, orFail);
  expect(failing).toThrow(TemplateError);
  expect(failing).toThrow(
    expect.objectContaining({ reason: 'INVALID_FLOW_VAR', message: expect.stringContaining('$flow.key.nobody') }),
  );
  expect(fill('Dear $flow.key.nobody', lookup, orEmpty)).toBe('Dear ');
});

it('T6: what looks like a variable inside a value is not replaced again', () => {
  expect(fill('$flow.key.a', (name) => (name === '$flow.key.a' ? '$flow.key.b $$' : 'twice'), orFail)).toBe(
    '$flow.key.b $$',
  );
});

it('D2: a text in which a variable is absent is itself absent', () => {
  expect(fill('Dear $flow.key.nobody', lookup, orAbsent)).toBeUndefined();
  expect(fill('Dear $flow.key.empty', lookup, orAbsent)).toBe('Dear ');
});

it('V3: an absent variable that is the whole text is copied as absent, and is empty in a longer one', () => {
  expect(fill('$flow.key.nobody', lookup, orAbsentAlone)).toBeUndefined();
  expect(fill('Dear $flow.key.nobody', lookup, orAbsentAlone)).toBe('Dear ');
  expect(fill('$flow.key.nobody$flow.key.nobody', lookup, orAbsentAlone)).toBe('');
});

it('V2: a default stands for an absent variable, not for an empty one, whatever becomes of absent ones', () => {
  for (const absent of [orFail, orEmpty, orAbsent, orAbsentAlone]) {
    expect(fill('Dear ${flow.key.nobody:-guest}', lookup, absent)).toBe('Dear guest');
    expect(fill('${flow.key.nobody:-}', lookup, absent)).toBe('');
    expect(fill('[${flow.key.empty:-guest}]', lookup, absent)).toBe('[]');
  }
});

it('W5: a template whose absent variables leave nothing is the same in every other respect', () => {
  const template = withEmptyDefaults('$$5 for $flow.key.name and ${flow.key.nobody:-guest}$flow.key.nobody, $order.id');
  expect(fill(template, lookup, orFail)).toBe('$5 for Asha & "Co"\r\n and guest, $order.id');
});
