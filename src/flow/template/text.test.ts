import { expect, it } from 'vitest';
import { fillText, TemplateError, type Lookup } from './text.js';

const lookup: Lookup = (name) => ({ '$flow.key.name': 'Asha & "Co"\r\n', '$flow.key.empty': '' })[name];

it('T6: a value goes into plain text as it is', () => {
  expect(fillText('Dear $flow.key.name!', lookup, 'fail')).toBe('Dear Asha & "Co"\r\n!');
});

it('V2: a braced variable ends where its brace ends, and $$ is a dollar', () => {
  expect(fillText('${flow.key.name}px for $$5 and $order.id', lookup, 'fail')).toBe(
    'Asha & "Co"\r\npx for $5 and $order.id',
  );
});

it('V3: an empty value is a value, even where absent ones fail', () => {
  expect(fillText('[$flow.key.empty]', lookup, 'fail')).toBe('[]');
});

it('W5: an absent variable fails with its name, or leaves its place empty', () => {
  const fill = () => fillText('Dear $flow.key.nobody', lookup, 'fail');
  expect(fill).toThrow(TemplateError);
  expect(fill).toThrow(
    expect.objectContaining({ reason: 'INVALID_FLOW_VAR', message: expect.stringContaining('$flow.key.nobody') }),
  );
  expect(fillText('Dear $flow.key.nobody', lookup, 'empty')).toBe('Dear ');
});

it('T6: what looks like a variable inside a value is not replaced again', () => {
  expect(fillText('$flow.key.a', (name) => (name === '$flow.key.a' ? '$flow.key.b $$' : 'twice'), 'fail')).toBe(
    '$flow.key.b $$',
  );
});
