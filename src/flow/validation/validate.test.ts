import { describe, expect, it } from 'vitest';
import { validateAccount, validateCaller, validateFlow, validateVariables } from './validate.js';

const flow = (widgets: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  hookline: 1,
  id: 'ordrstat',
  name: 'Order status',
  type: 'inbound',
  start: 'answer',
  widgets: { answer: { type: 'answerCall', lines: {} }, ...widgets },
  ...more,
});
const errorsOf = (document: unknown) => validateFlow(document).errors.map(({ code, pointer }) => `${code} ${pointer}`);
const warningsOf = (document: unknown) =>
  validateFlow(document).warnings.map(({ code, pointer }) => `${code} ${pointer}`);

describe('D: the flow document', () => {
  it('D2: the document of the contract is valid, and defaults are filled in', () => {
    const { errors, value } = validateFlow(
      contractExample,
      validateAccount({
        id: 163,
        secrets: { 'orders-api': { env: 'X' } },
        defaultWebhook: { url: 'https://example.com/end' },
      }).value,
    );
    expect(errors).toEqual([]);
    expect(value?.widgets.bye).toMatchObject({ type: 'hangUp', cause: 16 });
  });

  it('D1: an unknown field is an error that names the field and the nearest known one', () => {
    const { errors } = validateFlow(flow({ answer: { type: 'answerCall', lnes: {} } }));
    expect(errors).toMatchObject([{ code: 'UNKNOWN_FIELD', pointer: '/widgets/answer/lnes' }]);
    expect(errors[0]?.message).toContain('Did you mean "lines"?');
  });

  it('D1: unknown fields are found at every depth', () => {
    const document = flow({
      answer: { type: 'answerCall', lines: { nxt: 'say' } },
      say: { type: 'play', prompt: { txt: 'Hello' }, lines: {} },
      hook: {
        type: 'webhook',
        request: { method: 'GET', url: 'https://a.b', headers: [{ key: 'a', valu: 'b' }] },
        wait: { timout: 5 },
      },
    });
    expect(errorsOf(document)).toEqual(
      expect.arrayContaining([
        'UNKNOWN_LINE /widgets/answer/lines/nxt',
        'UNKNOWN_FIELD /widgets/say/prompt/txt',
        'UNKNOWN_FIELD /widgets/hook/request/headers/0/valu',
        'MISSING_FIELD /widgets/hook/request/headers/0/value',
        'UNKNOWN_FIELD /widgets/hook/wait/timout',
      ]),
    );
  });

  it('C4: five mistakes give five errors, each with a pointer', () => {
    const document = flow(
      {
        answer: { type: 'answerCall', lines: { next: 'lookup', failure: 'goodbye' } },
        lookup: {
          type: 'webhook',
          request: { method: 'GET', url: 'https://example.com', body: { type: 'json', content: '{}' } },
          response: { type: 'json', map: [{ saveIn: '$call.id', path: 'order.status' }] },
          lines: {},
        },
        bye: { type: 'hangup' },
      },
      { id: 'short' },
    );
    expect(errorsOf(document).sort()).toEqual([
      'BODY_NOT_ALLOWED /widgets/lookup/request/body',
      'INVALID_PATH /widgets/lookup/response/map/0/path',
      'INVALID_VALUE /id',
      'INVALID_VALUE /widgets/bye/type',
      'READ_ONLY_VARIABLE /widgets/lookup/response/map/0/saveIn',
      'UNKNOWN_WIDGET /widgets/answer/lines/failure',
    ]);
  });

  it('D1: of a type that is none the nearest known one is named', () => {
    const [unknown] = validateFlow(flow({ answer: { type: 'pley', lines: {} } })).errors;
    expect(unknown).toMatchObject({ code: 'INVALID_VALUE', pointer: '/widgets/answer/type' });
    expect(unknown?.message).toMatch(/^"pley" is no known type\. Did you mean "play"\? Known here: answerCall, play, /);
    const [number] = validateFlow(flow({ answer: { type: 7 } })).errors;
    expect(number?.message).toMatch(/^This value is no known type\. Known here: /);
  });

  it('D1: a missing field is named, and so is a type that is none', () => {
    expect(errorsOf({ hookline: 1 })).toEqual(['MISSING_FIELD /id', 'MISSING_FIELD /start', 'MISSING_FIELD /widgets']);
    expect(errorsOf(flow({ answer: { lines: {} } }))).toEqual(['MISSING_FIELD /widgets/answer/type']);
    expect(errorsOf(flow({ answer: 5 }))).toEqual(['INVALID_VALUE /widgets/answer']);
    expect(errorsOf([1])).not.toEqual([]);
    expect(errorsOf(null)).not.toEqual([]);
  });

  it('D2: a decision may use its own lines and otherwise, and no other', () => {
    const decision = { type: 'decision', cases: [{ line: 'gold', when: { left: '$call.id', op: 'exists' } }] };
    expect(errorsOf(flow({ pick: { ...decision, lines: { gold: 'answer', otherwise: 'answer' } } }))).toEqual([]);
    expect(errorsOf(flow({ pick: { ...decision, lines: { silver: 'answer' } } }))).toEqual([
      'UNKNOWN_LINE /widgets/pick/lines/silver',
    ]);
  });

  it('D2: a pattern that is no regular expression is refused', () => {
    const cases = [{ line: 'a', when: { any: [{ left: 'x', op: 'matches', right: '(' }] } }];
    expect(errorsOf(flow({ pick: { type: 'decision', cases } }))).toEqual([
      'INVALID_PATTERN /widgets/pick/cases/0/when/any/0/right',
    ]);
  });

  it('D2: exists has no right side, the others need one', () => {
    const cases = (when: object) => flow({ pick: { type: 'decision', cases: [{ line: 'a', when }] } });
    expect(errorsOf(cases({ left: 'x', op: 'exists', right: 'y' }))).toEqual([
      'UNKNOWN_FIELD /widgets/pick/cases/0/when/right',
    ]);
    expect(errorsOf(cases({ left: 'x', op: 'equals' }))).toEqual(['MISSING_FIELD /widgets/pick/cases/0/when/right']);
  });
});

describe('D5: what depends on the account', () => {
  const needsAccount = flow(
    {
      hook: {
        type: 'webhook',
        request: { method: 'GET', url: 'http://example.com', auth: { type: 'bearer', token: { secret: 'tokn' } } },
      },
    },
    { flowEndWebhook: true },
  );

  it('D5: counts as warnings without an account, as errors with one', () => {
    const codes = ['DEFAULT_WEBHOOK_MISSING', 'HTTP_NOT_ENABLED', 'UNKNOWN_SECRET'];
    expect(validateFlow(needsAccount).errors).toEqual([]);
    expect(validateFlow(needsAccount).warnings.map((one) => one.code)).toEqual(expect.arrayContaining(codes));
    const account = validateAccount({ id: 1, secrets: { token: { env: 'T' } } }).value;
    expect(validateFlow(needsAccount, account).errors.map((one) => one.code)).toEqual(codes);
  });

  it('E5: each name of a list of signing secrets is one that the account has', () => {
    const errorsFor = (signingSecret: unknown) =>
      validateAccount({
        ...{ id: 1, secrets: { now: { env: 'A' }, next: { env: 'B' } } },
        defaultWebhook: { url: 'https://example.com', signingSecret },
      }).errors.map(({ code, pointer }) => `${code} ${pointer}`);
    expect(errorsFor([{ secret: 'now' }, { secret: 'next' }])).toEqual([]);
    expect(errorsFor([{ secret: 'now' }, { secret: 'old' }])).toEqual([
      'UNKNOWN_SECRET /defaultWebhook/signingSecret/1/secret',
    ]);
    expect(errorsFor({ secret: 'old' })).toEqual(['UNKNOWN_SECRET /defaultWebhook/signingSecret/secret']);
    expect(errorsFor([])).toHaveLength(1);
  });

  it('E1: a flow-end webhook without a default webhook is refused in the words of the product', () => {
    const { errors } = validateFlow(needsAccount, validateAccount({ id: 1 }).value);
    expect(errors[0]?.message).toContain('Default webhook is not configured');
  });
});

describe('D5: warnings', () => {
  it('D5: an unreachable widget, a variable never set and a loop without a way out are named at once', () => {
    const document = flow({
      answer: { type: 'answerCall', lines: { next: 'a', failure: 'a' } },
      a: { type: 'play', prompt: { text: '$flow.key.never' }, lines: { next: 'b', failure: 'b' } },
      b: { type: 'delay', seconds: 1, lines: { next: 'a' } },
      alone: { type: 'hangUp' },
    });
    expect(warningsOf(document)).toEqual([
      'UNREACHABLE_WIDGET /widgets/alone',
      'VARIABLE_NEVER_SET /widgets/a/prompt/text',
      'ENDLESS_LOOP /widgets/answer',
      'ENDLESS_LOOP /widgets/a',
      'ENDLESS_LOOP /widgets/b',
    ]);
  });

  it('V1, V2: a value that the account lacks is a warning; a variable with a default is none', () => {
    const document = flow({ answer: { type: 'play', prompt: { text: '$account.key.shop ${flow.key.a:-x}' } } });
    expect(warningsOf(document)).toEqual(['VARIABLE_NEVER_SET /widgets/answer/prompt/text']);
    const { value } = validateAccount({ id: 1, values: { shop: 'Rosa', level: 3 } });
    expect(value?.values).toEqual({ shop: 'Rosa', level: '3' });
    expect(validateFlow(document, value).warnings).toEqual([]);
    const url = flow({ answer: { type: 'webhook', request: { method: 'GET', url: '$account.key.base/orders' } } });
    expect(validateFlow(url, value)).toMatchObject({ errors: [], warnings: [{ code: 'VARIABLE_NEVER_SET' }] });
  });

  it('V2: an unknown namespace in text is a warning, a doubled dollar is not', () => {
    expect(warningsOf(flow({ answer: { type: 'play', prompt: { text: '$order.id and $$order.id' } } }))).toEqual([
      'UNKNOWN_NAMESPACE_IN_TEXT /widgets/answer/prompt/text',
    ]);
  });

  it('W3: a literal credential is a warning', () => {
    const request = {
      method: 'GET',
      url: 'https://example.com',
      auth: { type: 'basic', username: 'ivr', password: 'hunter2' },
    };
    expect(warningsOf(flow({ answer: { type: 'webhook', request } }))).toEqual([
      'LITERAL_CREDENTIAL /widgets/answer/request/auth/password',
    ]);
  });

  it('T3: a JSON body that can never parse is a warning', () => {
    const request = { method: 'POST', url: 'https://example.com', body: { type: 'json', content: '{"a": $call.id' } };
    expect(warningsOf(flow({ answer: { type: 'webhook', request } }))).toEqual([
      'INVALID_TEMPLATE /widgets/answer/request/body/content',
    ]);
  });
});

describe('C4: messages say what to do', () => {
  const messages = (widget: object, more: object = {}) => {
    const { errors, warnings } = validateFlow(flow({ answer: widget, ...more }));
    return [...errors, ...warnings].map(({ message }) => message).join('\n');
  };

  it('C4: a key of a menu that is taken for a line, without a guess among single letters', () => {
    const menu = { type: 'menu', keys: { 1: 'a', 2: 'b' }, lines: { 1: 'answer' } };
    expect(messages(menu)).toContain('"keys" maps the key to a line; "lines" maps that line ("a") to a widget.');
    expect(messages(menu)).not.toContain('Did you mean');
  });

  it('V2: a calculation in a text, a name made of variables, and braces of other products', () => {
    const text = '${flow.key.a * 2} $flow.key.slot_$flow.key.i {{ name }}';
    const said = messages({ type: 'play', prompt: { text } });
    expect(said).toContain('Texts do not calculate: use an "operation" widget.');
    expect(said).toContain('A name cannot be put together from variables');
    expect(said).toContain('"{{ name }}" is plain text: a variable is written as $flow.key.NAME.');
  });

  it('D1: limits in words, and what a value takes', () => {
    const request = { method: 'GET', url: 'https://example.com' };
    expect(messages({ type: 'webhook', request, wait: { timeout: 90 } })).toContain('It is at most 60.');
    expect(messages({ type: 'play', prompt: [] })).toContain('It is at least 1 entries.');
    expect(messages({ type: 'storeVariable', assign: [{ saveIn: '$flow.key.a', value: { secret: 'x' } }] })).toContain(
      'A value is a text, a number, a boolean or null.',
    );
  });
});

describe('V5, D6: values and callers from outside', () => {
  it('V5: a call fact or an unknown namespace cannot be set', () => {
    expect(validateVariables({ '$account.key.a': '1', '$sys.date': '2' })).toMatchObject([
      { code: 'READ_ONLY_VARIABLE' },
      { code: 'READ_ONLY_VARIABLE' },
    ]);
    expect(
      validateVariables({ '$call.id': '1', '$order.id': '2', '$flow.key.ok': '3', '$user.key.ok': '4' }),
    ).toMatchObject([
      { code: 'READ_ONLY_VARIABLE', pointer: '/$call.id' },
      { code: 'UNKNOWN_NAMESPACE', pointer: '/$order.id' },
    ]);
  });

  it('D6: the caller file of the contract is valid, word for word', () => {
    const document: unknown = JSON.parse(
      `{ "from": "919800000001", "to": "912200000002",
         "steps": [ { "press": "1" }, { "say": "..." }, { "hangUp": true }, { "wait": 2 }, { "until": { "widget": "answer" } } ],
         "legs": { "919800000002": { "answers": true, "after": 1, "steps": [] } } }`,
    );
    expect(validateCaller(document, validateFlow(flow({})).value).errors).toEqual([]);
    const slip = validateCaller({ steps: [{ hangup: true }] }).errors.find(
      ({ pointer }) => pointer === '/steps/0/hangup',
    );
    expect(slip?.message).toContain('Did you mean "hangUp"?');
  });

  it('D6: a caller file is checked as strictly, and waits only for widgets of the flow', () => {
    const value = validateFlow(flow({})).value;
    const { errors } = validateCaller(
      { steps: [{ until: { widget: 'lookup' } }, { pres: '1' }, { hangUp: true }, { press: '1', now: true }] },
      value,
    );
    expect(errors.map((one) => one.pointer)).toContain('/steps/1/pres');
    expect(validateCaller({ steps: [{ until: { widget: 'lookup' } }] }, value).errors).toMatchObject([
      { code: 'UNKNOWN_WIDGET', pointer: '/steps/0/until/widget' },
    ]);
    const legs = { 'sip:a/b~c': { steps: [{ until: { widget: 'lookup' } }] } };
    expect(validateCaller({ legs }, value).errors).toMatchObject([
      { code: 'UNKNOWN_WIDGET', pointer: '/legs/sip:a~1b~0c/steps/0/until/widget' },
    ]);
  });
});

const contractExample = {
  hookline: 1, id: 'ordrstat', name: 'Order status', type: 'inbound', flowEndWebhook: true,
  start: 'answer', onRemoteHangup: null, onFlowComplete: null,
  widgets: {
    answer: { type: 'answerCall', lines: { next: 'lookup' } },
    lookup: {
      type: 'webhook', notes: 'Order by number',
      request: {
        method: 'POST', url: 'https://api.example.com/orders/$flow.key.order',
        auth: { type: 'basic', username: 'ivr', password: { secret: 'orders-api' } },
        headers: [{ key: 'X-Tenant', value: '$flow.key.tenant', mandatory: false }],
        query: [{ key: 'verbose', value: '1', mandatory: false }],
        body: { type: 'json', content: '{"caller":"$call.cli.number"}', onMissing: 'fail' },
      },
      response: { type: 'json', map: [{ saveIn: '$flow.key.status', path: 'data.order.status', mandatory: true }] },
      wait: { enabled: true, timeout: 60, holdMusic: true, onHangup: 'finish' },
      persist: false, retry: { attempts: 1 },
      lines: { success: 'say', failure: 'sorry' },
    },
    say: { type: 'play', prompt: { text: 'Your order is $flow.key.status' }, lines: { next: 'bye' } },
    sorry: { type: 'play', prompt: { text: 'Please call later' }, lines: { next: 'bye' } },
    bye: { type: 'hangUp' },
  },
}; // prettier-ignore
