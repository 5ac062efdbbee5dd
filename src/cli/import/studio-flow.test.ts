import { describe, expect, it } from 'vitest';
import { validateAccount, validateFlow } from '../../flow/validation/validate.js';
import { reportOf } from './findings.js';
import { studioDocument } from './studio-document.js';
import { importStudio } from './studio-flow.js';

type Given = Record<string, unknown>;
const to = (event: string, next?: string, conditions?: object[]) => ({
  event,
  next,
  ...(conditions && { conditions }),
});
const trigger = {
  name: 'Trigger',
  type: 'trigger',
  transitions: [to('incomingCall', 'first'), to('incomingMessage'), to('incomingRequest')],
};
const state = (name: string, type: string, properties: Given, ...transitions: object[]) => ({
  name,
  type,
  properties,
  transitions,
});
const equal = (value: string, input = '{{widgets.first.Digits}}') => [{ type: 'equal_to', value, arguments: [input] }];

/** Imports states that begin with `first`; what is made must be valid. */
function imported(states: object[], first: object = trigger) {
  const document = studioDocument.parse({
    description: 'A test',
    states: [first, ...states],
    initial_state: 'Trigger',
  });
  const made = importStudio(document, 'sample', true);
  const account = validateAccount(made.account);
  expect(account.errors).toEqual([]);
  expect(validateFlow(made.flow, account.value).errors).toEqual([]);
  const missing = made.findings.filter(({ kind }) => kind === 'missing').map(({ message }) => message);
  const { widgets, ...flow } = made.flow as { widgets: Record<string, Given> };
  return { ...made, flow: flow as Given, widgets, missing };
}
const say = (text: string, ...transitions: object[]) =>
  state('first', 'say-play', { say: text, loop: 1 }, ...transitions);

describe('hookline import twilio-studio: each widget', () => {
  it('say-play: text, voice and language, repeated as often as it loops; a sound is a file of the bridge', () => {
    const spoken = state(
      'first',
      'say-play',
      { say: 'Hello', voice: 'Polly.Joanna', language: 'en-US', loop: 2 },
      to('audioComplete', 'second'),
    );
    const { widgets, missing } = imported([
      spoken,
      state('second', 'say-play', { play: 'https://x.example.com/a.mp3' }),
    ]);
    const prompt = { text: 'Hello', language: 'en-US', voice: 'Polly.Joanna' };
    expect(widgets['first']).toMatchObject({ type: 'play', prompt: [prompt, prompt], lines: { next: 'second' } });
    expect(widgets['second']).toMatchObject({ prompt: [{ file: 'a.mp3' }] });
    expect(missing).toEqual([]);
  });

  it('gather and split: keys are saved and compared, each way by its line', () => {
    const { widgets, missing } = imported([
      state('first', 'gather-input-on-call', { say: 'Press 1', number_of_digits: 1, timeout: 7, finish_on_key: '#' }, to('keypress', 'which'), to('timeout', 'bye')),
      state('which', 'split-based-on', { input: '{{widgets.first.Digits}}' }, to('noMatch', 'bye'), to('match', 'sales', equal('1'))),
      state('sales', 'connect-call-to', { noun: 'number', to: '+15550001', timeout: 20, record: true }, to('callCompleted', 'bye')),
      state('bye', 'hangup', {}),
    ]); // prettier-ignore
    expect(widgets['first']).toMatchObject({
      type: 'collectDigits',
      max: 1,
      saveIn: '$flow.key.first',
      firstDigitTimeout: 7,
    });
    expect(widgets['which']).toMatchObject({
      cases: [{ line: 'c1', when: { left: '${flow.key.first:-}', op: 'equals', right: '1' } }],
      lines: { c1: 'sales', otherwise: 'bye' },
    });
    expect(widgets['sales']).toMatchObject({ type: 'makeCall', to: '+15550001', ringSeconds: 20, record: true });
    expect(missing).toEqual([]);
  });

  it.each([
    ['is_blank', { left: '${flow.key.first:-}', op: 'isEmpty' }],
    ['is_not_blank', { not: { left: '${flow.key.first:-}', op: 'isEmpty' } }],
    ['matches_any_of', { left: '${flow.key.first:-}', op: 'in', right: ['1', '2'] }],
    ['greater_than', { left: '${flow.key.first:-}', op: 'greater', right: '1, 2' }],
    ['contains', { left: '${flow.key.first:-}', op: 'contains', right: '1, 2' }],
    ['not_equal_to', { left: '${flow.key.first:-}', op: 'notEquals', right: '1, 2' }],
  ])('split: %s', (type, when) => {
    const { widgets } = imported([
      state('first', 'gather-input-on-call', { say: 'x' }, to('keypress', 'which')),
      state(
        'which',
        'split-based-on',
        { input: '{{widgets.first.Digits}}' },
        to('match', 'first', [{ type, value: '1, 2' }]),
      ),
    ]);
    expect(widgets['which']).toMatchObject({ cases: [{ when }] });
  });

  it('make-http-request: what later texts read of the answer is a row of its mapping', () => {
    const { widgets, missing } = imported([
      state('first', 'make-http-request', { method: 'POST', url: 'https://a.example.com/x', content_type: 'application/json;charset=utf-8', body: '{"n":"{{trigger.call.From}}"}' }, to('success', 'say'), to('failed', 'say')),
      state('say', 'say-play', { say: '{{widgets.first.parsed.order.items[0].name}} {{widgets.first.parsed.total}} {{widgets.first.body}}' }),
    ]); // prettier-ignore
    expect(widgets['first']).toMatchObject({
      request: { body: { type: 'json', content: '{"n":"${call.cli.number:-}"}' } },
      response: {
        map: [
          { saveIn: '$flow.key.first_order_items_0_name', path: 'data.order.items[0].name' },
          { saveIn: '$flow.key.first_total', path: 'data.total' },
          { saveIn: '$flow.key.first_body', path: 'data' },
        ],
      },
      lines: { success: 'say', failure: 'say' },
    });
    expect(missing).toEqual([]);
  });

  it('GET with parameters, run-function with fields, set-variables', () => {
    const { widgets, findings } = imported([
      state('first', 'make-http-request', { method: 'GET', url: 'https://a.example.com', parameters: [{ key: 'q', value: 'a' }] }, to('success', 'fn')),
      state('fn', 'run-function', { url: 'https://fn.example.com/go', parameters: [{ key: 'a', value: '{{flow.variables.b-c}}' }] }, to('success', 'set')),
      state('set', 'set-variables', { variables: [{ key: 'b-c', value: 'cost $5' }] }, to('next', 'first')),
    ]); // prettier-ignore
    expect(widgets['first']).toMatchObject({ request: { method: 'GET', query: [{ key: 'q', value: 'a' }] } });
    expect(widgets['fn']).toMatchObject({ request: { body: { fields: [{ key: 'a', value: '${flow.key.b_c:-}' }] } } });
    expect(widgets['set']).toMatchObject({ assign: [{ saveIn: '$flow.key.b_c', value: 'cost $$5' }] });
    expect(findings).toContainEqual(expect.objectContaining({ state: 'fn', kind: 'changed' }));
  });

  it('record-voicemail and send-message: its URL is saved, and the account gets a provider', () => {
    const { widgets, account, missing } = imported([
      state('first', 'record-voicemail', { max_length: 60, finish_on_key: '*', play_beep: 'true', transcribe: true }, to('recordingComplete', 'text')),
      state('text', 'send-message', { from: '{{flow.channel.address}}', to: '+1555', body: 'At {{widgets.first.RecordingUrl}}' }, to('sent'), to('failed')),
    ]); // prettier-ignore
    expect(widgets['first']).toMatchObject({
      type: 'record',
      maxSeconds: 60,
      terminator: '*',
      saveIn: '$flow.key.first_url',
    });
    expect(widgets['text']).toMatchObject({ type: 'sms', to: '+1555', text: 'At ${flow.key.first_url:-}' });
    expect(account).toHaveProperty('sms');
    expect(missing).toEqual(['the transcript of the recording']);
  });

  it.each(['enqueue-call', 'send-to-flex'])('%s: agents are rung, and the queue is reported', (type) => {
    const { widgets, missing } = imported([state('first', type, {}, to('callComplete'))]);
    expect(widgets['first']).toMatchObject({ type: 'agentConnect' });
    expect(missing[0]).toContain('the queue');
  });

  it.each([
    'add-twiml-redirect',
    'capture-payments',
    'send-and-wait-for-reply',
    'run-subflow',
    'make-outgoing-call-v2',
  ])('%s: reported, with a marked place', (type) => {
    const { widgets, missing } = imported([state('first', type, {})]);
    expect(missing).toEqual([`a state of type "${type}"`]);
    expect(widgets['first']?.['notes']).toContain('MISSING');
  });

  it('the trigger: a flow that begins with a request is outbound, and what it is given are inputs', () => {
    const first = { ...trigger, transitions: [to('incomingRequest', 'first')] };
    const { flow, widgets } = imported([say('Dear {{flow.data.name}}, {{trigger.request.parameters.due}}')], first);
    expect(flow).toMatchObject({ type: 'outbound', inputs: { '$flow.key.name': {}, '$flow.key.due': {} } });
    expect(widgets['answer']).toEqual({ type: 'answerCall', lines: { next: 'first' } });
  });

  it('names of states become keys, each its own', () => {
    const first = { ...trigger, transitions: [to('incomingCall', 'say hello')] };
    const states = [
      state('say hello', 'say-play', { say: 'a' }, to('audioComplete', 'say-hello')),
      state('say-hello', 'hangup', {}),
      state('1', 'hangup', {}),
    ];
    expect(Object.keys(imported(states, first).widgets)).toEqual(['say_hello', 'say_hello_2', 's1', 'answer']);
  });
});

describe('hookline import twilio-studio: Liquid', () => {
  it('filters become operations before the widget; a default stands in the text', () => {
    const { widgets, missing } = imported([
      say('{{ flow.variables.a | upcase | append: "!" }} {{flow.variables.b | default: "you"}} {{ 3 | plus: 4 }}'),
    ]);
    expect(widgets['first']).toMatchObject({
      type: 'operation',
      operation: { do: 'uppercase', text: '${flow.key.a:-}' },
      lines: { next: 'first_then' },
    });
    expect(widgets['first_then']).toMatchObject({
      operation: { do: 'add', left: '3', right: '4' },
      lines: { next: 'first_then_2' },
    });
    expect(widgets['first_then_2']).toMatchObject({
      prompt: [{ text: '${flow.key.import_1:-}! ${flow.key.b:-you} ${flow.key.import_2:-}' }],
    });
    expect(missing).toEqual([]);
  });

  it('what has no place here is reported, never dropped in silence', () => {
    const { missing, findings } = imported([
      say(
        '{% if a %}x{% endif %} {{widgets.first.SpeechResult}} {{ trigger.message.Body }} {{ flow.variables.d | date: "%Y" }}',
      ),
      state('talk', 'gather-input-on-call', { say: 'x', hints: 'yes,no' }, to('speech', 'first')),
    ]);
    expect(missing).toEqual([
      'the Liquid tag {% if a %}: use a decision before it',
      'the Liquid tag {% endif %}: use a decision before it',
      'the value {{ widgets.first.SpeechResult }}',
      'the value {{ trigger.message.Body }}',
      'the Liquid filter "date"',
      'what the caller says: only keys are understood',
    ]);
    const report = reportOf('sample', findings);
    expect(report).toContain('## Missing (6)');
    expect(report).toContain('| talk | what the caller says');
  });

  it('a dollar stays a dollar', () => {
    expect(imported([say('It costs $5 and $flow.key.x')]).widgets['first']).toMatchObject({
      prompt: [{ text: 'It costs $$5 and $$flow.key.x' }],
    });
  });
});
