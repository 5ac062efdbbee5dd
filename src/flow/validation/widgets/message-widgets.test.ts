import { describe, expect, it } from 'vitest';
import { validateAccount, validateFlow } from '../validate.js';

const sms = { type: 'sms', to: '$call.cli.number', text: 'Sent.' };
const email = { type: 'email', to: 'ann@example.com', subject: 'Order', text: 'Sent.' };
const flow = (...widgets: object[]) => ({
  ...{ hookline: 1, id: 'messages', start: 'w0' },
  widgets: Object.fromEntries(widgets.map((one, index) => [`w${index}`, { ...one, lines: widgets[index + 1] ? { success: `w${index + 1}` } : {} }])), // prettier-ignore
});
const shown = (problems: { code: string; pointer: string }[]) =>
  problems.map(({ code, pointer }) => `${code} ${pointer}`);
const smtp = { host: 'smtp.example.com', from: 'shop@example.com' };
const provider = { url: 'https://sms.example.com/send' };

describe('what a flow needs of its account', () => {
  it('D5: an account that cannot send a message is an error, without an account a warning', () => {
    const faults = ['SMS_NOT_CONFIGURED /widgets/w0', 'SMTP_NOT_CONFIGURED /widgets/w1'];
    const unknown = validateFlow(flow(sms, email));
    expect([shown(unknown.errors), shown(unknown.warnings)]).toEqual([[], faults]);
    expect(shown(validateFlow(flow(sms, email), validateAccount({ id: 1 }).value).errors)).toEqual(faults);
    const able = validateAccount({ id: 1, sms: provider, smtp }).value;
    expect(validateFlow(flow(sms, email), able)).toMatchObject({ errors: [], warnings: [] });
  });
});

describe('what an email is', () => {
  it('an address that stands in the flow must be one', () => {
    const wrong = { ...email, to: ['a@example.com, b@example.com', '$flow.key.x', 'a@example.com'], cc: 'Ann' };
    expect(shown(validateFlow(flow(wrong)).errors)).toEqual(['INVALID_VALUE /widgets/w0/to/0', 'INVALID_VALUE /widgets/w0/cc']); // prettier-ignore
  });

  it('has at most 50 recipients, both lists together', () => {
    const many = Array<string>(26).fill('a@example.com');
    expect(shown(validateFlow(flow({ ...email, to: many, cc: many.slice(1) })).errors)).toEqual(['INVALID_VALUE /widgets/w0/cc']); // prettier-ignore
    expect(shown(validateFlow(flow({ ...email, to: many, cc: many.slice(2) })).errors)).toEqual([]);
  });

  it.each([
    [{ ...email, to: [] }, '/widgets/w0/to'],
    [{ ...email, text: '' }, '/widgets/w0/text'],
    [{ ...sms, text: 'x'.repeat(1601) }, '/widgets/w0/text'],
    [{ ...sms, to: '' }, '/widgets/w0/to'],
  ])('C4: %j is refused at %s', (widget, place) => {
    expect(shown(validateFlow(flow(widget)).errors)).toEqual([`INVALID_VALUE ${place}`]);
  });

  it('D1: an unknown field is named with the nearest known one', () => {
    const [error] = validateFlow(flow({ ...email, subjet: 'x' })).errors;
    expect(error).toMatchObject({ code: 'UNKNOWN_FIELD', pointer: '/widgets/w0/subjet' });
    expect(error?.message).toContain('Did you mean "subject"?');
  });
});

describe('what an account says of messages', () => {
  const errorsOf = (more: object) => shown(validateAccount({ id: 1, ...more }).errors);

  it('defaults: port 587, and never without TLS', () => {
    expect(validateAccount({ id: 1, smtp }).value?.smtp).toEqual({ ...smtp, port: 587, requireTls: true });
  });

  it('W2: the provider is reached by https, or by http where the account allows it', () => {
    expect(errorsOf({ sms: { url: 'http://sms.example.com' } })).toEqual(['HTTP_NOT_ENABLED /sms/url']);
    expect(errorsOf({ sms: { url: 'http://sms.example.com' }, httpEnabled: true })).toEqual([]);
    expect(errorsOf({ sms: { url: 'sms.example.com' } })).toEqual(['INVALID_VALUE /sms/url']);
    expect(errorsOf({ sms: { url: 'https://me:pw@sms.example.com' } })).toEqual(['INVALID_VALUE /sms/url']);
  });

  it('W3: a secret must be there, and a credential that stands in the document gives a warning', () => {
    const account = (value: unknown) => ({
      sms: { ...provider, auth: { type: 'bearer', token: value } },
      smtp: { ...smtp, auth: { username: 'shop', password: value } },
    });
    expect(errorsOf(account({ secret: 'none' }))).toEqual([
      'UNKNOWN_SECRET /sms/auth/token/secret',
      'UNKNOWN_SECRET /smtp/auth/password/secret',
    ]);
    const { errors, warnings } = validateAccount({ id: 1, ...account('hunter2') });
    expect([shown(errors), shown(warnings)]).toEqual([
      [],
      ['LITERAL_CREDENTIAL /sms/auth/token', 'LITERAL_CREDENTIAL /smtp/auth/password'],
    ]);
  });

  it.each([
    ['host', 'smtp://smtp.example.com'],
    ['host', 'smtp.example.com:25'],
    ['from', 'Shop'],
    ['from', 'a@example.com\r\nBcc: b@example.com'],
    ['port', 70_000],
  ])('%s %j is refused', (field, value) => {
    expect(errorsOf({ smtp: { ...smtp, [field]: value } })).toEqual([`INVALID_VALUE /smtp/${field}`]);
  });
});
