import { describe, expect, it } from 'vitest';
import { validateAccount, validateCaller, validateFlow, validateFlowBeside } from './validate.js';

const account = validateAccount({ id: 1, httpEnabled: true }).value;
const flowOf = (w: object) => ({ hookline: 1, id: 'testflow', start: 'w', widgets: { w } });
const errors = (w: object) =>
  validateFlow(flowOf(w), account)
    .errors.map(({ code, pointer }) => `${code} ${pointer.replace('/widgets/w/', '')}`)
    .sort();
const webhook = (request: object, more: object = {}) => ({
  type: 'webhook',
  request: { method: 'GET', url: 'https://api.example.com/x', ...request },
  ...more,
});
const body = { type: 'text', content: 'x' };

describe('C4: an error of shape hides no error of meaning', () => {
  it.each([
    ['a time-out of 61', { wait: { timeout: 61 } }, 'INVALID_VALUE wait/timeout'],
    ['a text for a number', { wait: { timeout: '5' } }, 'INVALID_VALUE wait/timeout'],
    ['an unknown field', { waits: {} }, 'UNKNOWN_FIELD waits'],
    ['too many notes', { notes: 'x'.repeat(1001) }, 'INVALID_VALUE notes'],
    ['a response that is none', { response: { type: 'yaml' } }, 'INVALID_VALUE response/type'],
    ['a line that is none', { lines: { next: 'w' } }, 'UNKNOWN_LINE lines/next'],
    ['a list that is no list', { response: { type: 'json', map: 5 } }, 'INVALID_VALUE response/map'],
  ])('a body on GET is reported beside %s', (_what, more, fault) => {
    expect(errors(webhook({ body }, more))).toEqual(['BODY_NOT_ALLOWED request/body', fault].sort());
  });

  it('entries of a list keep their numbers', () => {
    const map = [
      { saveIn: '$flow.key.a' },
      { saveIn: '$flow.key.b', path: 'data[' },
      5,
      { saveIn: '$flow.key.c', path: 'x' },
    ];
    expect(errors(webhook({}, { response: { type: 'json', map } }))).toEqual([
      'INVALID_PATH response/map/1/path',
      'INVALID_PATH response/map/3/path',
      'INVALID_VALUE response/map/2',
      'MISSING_FIELD response/map/0/path',
    ]);
  });

  it('what depends on a part that cannot be read is not claimed', () => {
    expect(errors(webhook({ method: 'PSOT', body }))).toEqual(['INVALID_VALUE request/method']);
    expect(errors(webhook({ url: 5, method: 'GET', body }))).toEqual([
      'BODY_NOT_ALLOWED request/body',
      'INVALID_VALUE request/url',
    ]);
    expect(errors({ type: 'webhook', request: 5 })).toEqual(['INVALID_VALUE request']);
    expect(errors({ type: 'nothing' })).toEqual(['INVALID_VALUE type']);
    expect(errors({ type: 'decision', cases: 5, lines: { a: 'w' } })).toEqual(['INVALID_VALUE cases']);
  });

  it('in an account and in a caller file too', () => {
    const found = validateAccount({
      id: 'x',
      countryCode: 91,
      defaultWebhook: { url: 'http://a.example' },
      ipAllowList: ['*'],
    });
    expect(found.errors.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'INVALID_VALUE /id',
      'INVALID_VALUE /countryCode',
      'HTTP_NOT_ENABLED /defaultWebhook/url',
      'INVALID_VALUE /ipAllowList/0',
    ]);
    const flow = validateFlow(flowOf({ type: 'hangUp' })).value;
    const steps = [{ wait: 'x' }, { until: { widget: 'gone' } }];
    expect(validateCaller({ steps }, flow).errors.map(({ pointer }) => pointer)).toEqual([
      '/steps/0/wait',
      '/steps/1/until/widget',
    ]);
  });
});

describe('C4, D5: a flow beside an account that is not valid', () => {
  const flow = {
    ...{ hookline: 1, id: 'testflow', start: 'w', flowEndWebhook: true },
    widgets: {
      w: webhook(
        { url: 'http://a.example', auth: { type: 'bearer', token: { secret: 'api' } } },
        { lines: { success: 'h' } },
      ),
      h: { type: 'timeCondition', lines: { open: 's' } },
      s: { type: 'sms', to: '$call.cli', text: 'Hi', lines: { success: 'e' } },
      e: { type: 'email', to: 'a@example.com', subject: 'S', text: 'T' },
    },
  };
  const claims = (document: unknown) =>
    validateFlowBeside(flow, validateAccount(document))
      .errors.map(({ code }) => code)
      .sort();

  it('claims nothing of the fields in which the account has an error', () => {
    expect(claims({ id: 1 })).toEqual([
      ...['DEFAULT_WEBHOOK_MISSING', 'HOURS_MISSING', 'HTTP_NOT_ENABLED'],
      ...['SMS_NOT_CONFIGURED', 'SMTP_NOT_CONFIGURED', 'UNKNOWN_SECRET'],
    ]);
    const broken = { httpEnabled: 'yes', secrets: 5, hours: {}, sms: 'x', smtp: [], defaultWebhook: { url: 5 } };
    expect(claims({ id: 1, ...broken })).toEqual([]);
    expect(claims({ id: 1, httpEnable: true, secret: {}, hour: {} })).toEqual([
      ...['DEFAULT_WEBHOOK_MISSING', 'SMS_NOT_CONFIGURED', 'SMTP_NOT_CONFIGURED'],
    ]);
    for (const document of [null, 'x', []]) expect(claims(document)).toEqual([]);
  });

  it('still lists what the account lacks elsewhere', () => {
    const rest = { httpEnabled: true, hours: { days: {} }, sms: { url: 'https://a.example' } };
    expect(claims({ id: 1, timeZone: 'Mars', ...rest })).toEqual([
      ...['DEFAULT_WEBHOOK_MISSING', 'SMTP_NOT_CONFIGURED', 'UNKNOWN_SECRET'],
    ]);
  });
});

describe('D5: loops', () => {
  const loops = (widgets: object) =>
    validateFlow({ hookline: 1, id: 'testflow', start: 'a', widgets }, account)
      .warnings.filter(({ code }) => code === 'ENDLESS_LOOP')
      .map(({ pointer }) => pointer);
  const say = (next: string, failure?: string) => ({
    type: 'play',
    prompt: { text: 'x' },
    lines: { next, ...(failure && { failure }) },
  });

  it('a failure line that leads nowhere is no way out, one that leads out is', () => {
    expect(loops({ a: say('b'), b: say('a') })).toEqual(['/widgets/a', '/widgets/b']);
    expect(loops({ a: say('b'), b: say('a', 'c'), c: { type: 'hangUp' } })).toEqual([]);
    expect(loops({ a: say('a', 'a') })).toEqual(['/widgets/a']);
    expect(loops({ a: { ...webhook({}), lines: { failure: 'a' } } })).toEqual([]);
  });
});
