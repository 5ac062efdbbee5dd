import { expect, it } from 'vitest';
import { smsBody } from './sms-body.js';

const parts = { id: 'call-1/msg/1', to: '$flow.key.to', text: 'Code $flow.key.code', from: 'Shop' };

it('T3: without a body of its own an account gets id, to, from and text, and no sender where none is named', () => {
  expect(smsBody(undefined, { ...parts, from: undefined })).toEqual({
    ...{
      type: 'json',
      content: { id: 'call-1/msg/1', to: '$flow.key.to', text: 'Code $flow.key.code' },
      onMissing: 'fail',
    },
  });
});

it('T3, D3: places stand anywhere in the texts of a JSON body; a dollar of the account is a dollar', () => {
  const content = {
    ref: 'x-{id}',
    to: ['{to}'],
    price: '5$',
    n: 1,
    dlt: { template: '{template}', entity: '11' },
    other: '{name}',
  };
  expect(smsBody({ type: 'json', content }, parts)).toMatchObject({
    content: {
      ref: 'x-call-1/msg/1',
      to: ['$flow.key.to'],
      price: '5$$',
      n: 1,
      dlt: { entity: '11' },
      other: '{name}',
    },
  });
  expect(smsBody({ type: 'json', content }, { ...parts, template: '1107' })).toMatchObject({
    content: { dlt: { template: '1107' } },
  });
});

it('T5: a form has a row for each place that is there', () => {
  const fields = [
    { key: 'to', value: '{to}' },
    { key: 'tpl', value: '{template}' },
    { key: 'msg', value: '{text}' },
  ];
  expect(smsBody({ type: 'form', fields }, parts)).toMatchObject({
    fields: [
      { key: 'to', value: '$flow.key.to' },
      { key: 'msg', value: 'Code $flow.key.code' },
    ],
  });
});
