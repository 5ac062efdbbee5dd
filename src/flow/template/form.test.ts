import { expect, it } from 'vitest';
import { fillForm } from './form.js';
import { type Row } from './rows.js';
import { type Lookup } from '../values/fill.js';

const lookup: Lookup = (name) => ({ '$flow.key.x': 'a b&c=é~' })[name];
const row = (key: string, value: string, mandatory = false): Row => ({ key, value, mandatory });

it('T5: a form is urlencoded, in order, doubles kept', () => {
  expect(fillForm([row('k 1', '$flow.key.x'), row('k 1', '')], 'urlencoded', lookup, 'b')).toEqual({
    body: 'k+1=a+b%26c%3D%C3%A9%7E&k+1=',
    contentType: 'application/x-www-form-urlencoded',
  });
});

it('T5: a multipart form has a part for each field, values as they are', () => {
  const { body, contentType } = fillForm(
    [row('k"1', '$flow.key.x'), row('two', 'x\r\ny')],
    'multipart',
    lookup,
    'edge',
  );
  expect(contentType).toBe('multipart/form-data; boundary=edge');
  expect(body).toBe(
    '--edge\r\nContent-Disposition: form-data; name="k%221"\r\n\r\na b&c=é~\r\n' +
      '--edge\r\nContent-Disposition: form-data; name="two"\r\n\r\nx\r\ny\r\n--edge--\r\n',
  );
});

it('T5: a value that holds the boundary cannot add a part', () => {
  const { body, contentType } = fillForm(
    [row('k', '$flow.key.x')],
    'multipart',
    () => '\r\n--edge--\r\n--edge0',
    'edge',
  );
  const boundary = contentType.replace(/^.*=/, '');
  expect(body.split(`--${boundary}`)).toHaveLength(3);
});

it('W4: a mandatory field with an absent variable fails, an optional one is dropped', () => {
  expect(fillForm([row('k', '$flow.key.none'), row('l', '1')], 'urlencoded', lookup, 'b').body).toBe('l=1');
  expect(() => fillForm([row('k', '$flow.key.none', true)], 'multipart', lookup, 'b')).toThrow(
    expect.objectContaining({
      reason: 'INVALID_FLOW_VAR',
      message: 'The form field k is mandatory, but $flow.key.none has no value.',
    }),
  );
});
