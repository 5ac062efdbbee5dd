/**
 * Flows wired at random, and callers who do anything at any moment.
 * @module
 */
import fc from 'fast-check';

/** A call whose flow, account and caller are random. */
export interface RandomCall {
  flow: object;
  account: object;
  caller: object;
}

const NUMBERS = ['1', '2', '3', '4'];
const SUBFLOW = 'sub00001';
const prompt = fc.constantFrom({ text: 'one two three' }, { file: 'nowhere.wav' }, [
  { text: '$flow.key.v0' },
  { text: 'four' },
]);
const variable = fc.integer({ min: 0, max: 3 }).map((n) => `$flow.key.v${n}`);
const waiting = {
  from: fc.constant('99'),
  ringSeconds: fc.constant(5),
  leaveKey: fc.constant('*'),
  record: fc.boolean(),
};
const whileRinging = fc.constantFrom('ring', 'earlyMedia', 'hold');

/** One widget of any type; `target` gives the URL of a path of the test's HTTP server. */
const widgetAt = (target: (path: string) => string, deep: boolean) =>
  fc.oneof(
    fc.record({ type: fc.constant('answerCall') }),
    fc.record({ type: fc.constant('play'), prompt, bargeIn: fc.boolean() }),
    fc.record({ type: fc.constant('storeVariable'), assign: fc.array(fc.record({ saveIn: variable, value: fc.constantFrom('1', 'x', '$flow.key.v1', '$flow.key.none') }), { minLength: 1, maxLength: 3 }) }),
    fc.record({ type: fc.constant('decision'), cases: fc.array(fc.record({ line: fc.constantFrom('yes', 'maybe'), when: fc.record({ left: variable, op: fc.constantFrom('equals', 'less', 'contains'), right: fc.constantFrom('1', 'x') }) }), { minLength: 1, maxLength: 2 }) }),
    fc.record({ type: fc.constant('delay'), seconds: fc.constantFrom<number | string>(1, 2, '$flow.key.none') }),
    fc.record({ type: fc.constant('collectDigits'), saveIn: variable, prompt, max: fc.integer({ min: 1, max: 4 }), firstDigitTimeout: fc.constant(1), interDigitTimeout: fc.constant(1), attempts: fc.integer({ min: 1, max: 2 }), keepDigits: fc.boolean() }),
    fc.record({ type: fc.constant('menu'), prompt, keys: fc.constant({ 1: 'one', '*': 'star' }), timeout: fc.constant(1), attempts: fc.constant(1), keepDigits: fc.boolean() }),
    fc.record({ type: fc.constant('record'), maxSeconds: fc.integer({ min: 1, max: 3 }), silenceSeconds: fc.constant(1), saveIn: variable }),
    fc.record({ type: fc.constant('makeCall'), to: fc.subarray(NUMBERS, { minLength: 1 }), ...waiting, whileRinging }),
    fc.record({ type: fc.constant('agentConnect'), strategy: fc.constantFrom('roundRobin', 'longestIdle', 'fixedOrder'), ...waiting, whileRinging }),
    fc.record({ type: fc.constant('transfer'), to: fc.constantFrom(...NUMBERS), mode: fc.constantFrom('blind', 'attended'), ringSeconds: fc.constant(5), announce: prompt }),
    fc.record({ type: fc.constant('counter'), limit: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ type: fc.constant('operation'), operation: fc.constantFrom({ do: 'add', left: '$flow.key.v0', right: '1' }, { do: 'length', text: '$flow.key.v1' }, { do: 'formatDate', date: '$call.start', format: 'yyyy' }), saveIn: variable }),
    fc.record({ type: fc.constant('timeCondition'), hours: fc.constant({ days: { mon: [{ from: '09:00', to: '17:00' }] } }) }),
    fc.record({ type: fc.constant('sms'), to: fc.constant('15'), text: fc.constant('Hello $flow.key.v0') }),
    fc.record({
      type: fc.constant('webhook'),
      request: fc.record({ method: fc.constantFrom('GET', 'POST'), url: fc.constantFrom('/ok', '/slow', '/refused', '/reset', '/never').map(target) }),
      response: fc.constant({ type: 'json', map: [{ saveIn: '$flow.key.v3', path: 'data.status' }] }),
      wait: fc.record({ enabled: fc.boolean(), timeout: fc.constantFrom(1.2, 2), holdMusic: fc.boolean(), onHangup: fc.constantFrom('finish', 'abort'), leaveKey: fc.constant('*'), timeline: fc.constantFrom([], [{ at: 1, prompt: { text: 'one two' }, keys: { 1: 'one' } }]), onLeave: fc.constantFrom('abort', 'finish'), finishPrompt: fc.boolean() })
        .map((wait) => (wait.enabled ? wait : { ...wait, timeline: [] })),
      retry: fc.constant({ attempts: 1 }),
    }),
    fc.record({ type: fc.constant('hangUp'), cause: fc.constantFrom(16, 17) }),
    ...(deep ? [fc.record({ type: fc.constant('subflow'), flow: fc.constant(SUBFLOW) })] : []),
  ); // prettier-ignore

/** Every name of a line; which of them a widget has is `linesOf`'s to say. */
const linesOf: Record<string, string[]> = {
  decision: ['yes', 'maybe', 'otherwise'],
  delay: ['next'],
  collectDigits: ['next', 'noInput', 'invalid', 'failure'],
  menu: ['one', 'star', 'noInput', 'invalid', 'failure'],
  record: ['next', 'noInput', 'failure'],
  makeCall: ['next', 'busy', 'noAnswer', 'rejected', 'unreachable', 'left', 'failure'],
  agentConnect: ['next', 'overflow', 'left', 'failure'],
  transfer: ['next', 'busy', 'noAnswer', 'rejected', 'unreachable', 'failure'],
  counter: ['next', 'exceeded'],
  timeCondition: ['open', 'closed', 'holiday', 'failure'],
  sms: ['success', 'failure'],
  webhook: ['success', 'failure', 'left'],
  hangUp: [],
};

interface Wired {
  type: string;
  cases?: { line: string }[];
  lines?: Record<string, string>;
}

/** Widgets whose lines lead anywhere, or nowhere; with `forward` only onwards, so that they come to an end. */
const widgets = (target: (path: string) => string, prefix: string, deep: boolean, forward = false) =>
  fc
    .array(fc.tuple(widgetAt(target, deep), fc.array(fc.nat(), { minLength: 8, maxLength: 8 })), {
      minLength: 3,
      maxLength: 9,
    })
    .map((list) => {
      const all = list.map(([widget, ways], place): Wired => {
        const { type, cases } = widget as Wired;
        const own = (linesOf[type] ?? ['next', 'failure']).filter(
          (line) => type !== 'decision' || line === 'otherwise' || cases?.some((one) => one.line === line),
        );
        // One way in five leads nowhere.
        const lead = own.flatMap((line, index) => {
          const way = ways[index] ?? 0;
          const to = forward ? place + 1 + (way % 2) : way % list.length;
          return way % 5 === 0 || to >= list.length ? [] : [[line, `${prefix}${to}`] as const];
        });
        return { ...(widget as Wired), lines: Object.fromEntries(lead) };
      });
      return Object.fromEntries(all.map((widget, index) => [`${prefix}${index}`, widget]));
    });

const seconds = fc.integer({ min: 0, max: 20 }).map((tenths) => tenths / 10);
const step = fc.oneof(
  fc.record({ wait: seconds }),
  fc.record({ press: fc.constantFrom('1', '2', '*', '12#', '#'), now: fc.boolean() }),
  fc.record({ say: fc.constant('hello there'), now: fc.constant(true) }),
);
/** A party that at some moment hangs up, or stays. */
const steps = fc
  .tuple(fc.array(step, { maxLength: 4 }), fc.boolean())
  .map(([some, leaves]) => [...some, ...(leaves ? [{ hangUp: true }] : [])]);
const party = fc.record({
  answers: fc.boolean(),
  after: fc.constantFrom(0, 0.2, 1),
  because: fc.constantFrom('busy', 'noAnswer', 'rejected', 'unreachable'),
  steps,
});

/** Any call. */
export const randomCall = (target: (path: string) => string, flowEnd: string): fc.Arbitrary<RandomCall> =>
  fc
    .record({
      own: widgets(target, 'w', true),
      afterwards: widgets(target, 'z', false, true),
      sub: widgets(target, 'w', false),
      after: fc.boolean(),
      steps,
      legs: fc.record(Object.fromEntries(NUMBERS.map((number) => [number, party]))),
    })
    .map(({ own, afterwards, sub, after, ...caller }) => ({
      flow: {
        hookline: 1,
        id: 'randomfl',
        flowEndWebhook: true,
        start: 'w0',
        ...(after && { onRemoteHangup: 'z0', onFlowComplete: 'z1' }),
        widgets: { ...own, ...afterwards },
        subflows: [{ id: SUBFLOW, start: 'w0', widgets: sub }],
      },
      account: {
        httpEnabled: true,
        targetAllowList: ['127.0.0.1'],
        defaultWebhook: { url: flowEnd },
        sms: { url: target('/ok') },
        agents: NUMBERS.map((number) => ({ number })),
      },
      caller,
    }));
