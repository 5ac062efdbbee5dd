/**
 * The calls of a run: what they do, and the way that each must have gone in the end.
 * @module
 */
import { type Caller, caller } from '../../../src/flow/documents/caller.js';
import type { Outcome } from '../../../src/engine/call-report.js';

/** One call of a run. */
export interface PlannedCall {
  n: number;
  flow: { id: string };
  caller: Caller;
  /** The widgets that it visits whatever dies meanwhile; where the caller leaves, as far as the call comes by then. */
  path: string[];
  /** Where On Remote Hangup starts; null for a call whose caller stays. */
  left: string | null;
  outcome: Outcome;
}

type Plan = Omit<PlannedCall, 'n'>;

const answer = (next: string) => ({ type: 'answerCall', lines: { next } });
const say = (next: string) => ({ type: 'play', prompt: { text: 'That is for you' }, lines: { next } });
const ask = (next: string) => ({
  type: 'menu',
  prompt: { text: 'Press one' },
  keys: { '1': 'one' },
  lines: { one: next, noInput: next, invalid: next, failure: next },
});
const bye = { type: 'hangUp' };
/** Two rounds, so that visits of the same widget must be told apart. */
const count = { type: 'counter', limit: 2, saveIn: '$flow.key.round', lines: { next: 'lookup', exceeded: 'bye' } };
const TWO_ROUNDS = ['count', 'lookup', 'say', 'count', 'lookup', 'say', 'count', 'bye'];

/** Plans the calls of a run, by their number; `target` is where their requests go. */
export function callPlanner(target: string): (n: number) => PlannedCall {
  const webhook = (key: string, method: 'GET' | 'POST', next?: string, more: object = {}) => ({
    type: 'webhook',
    request: {
      method,
      url: `${target}/calls/$flow.key.n/${key}/$flow.key.round`,
      ...(method === 'POST' && { body: { type: 'json', content: '{"call":"$flow.key.n","round":"$flow.key.round"}' } }),
    },
    ...(next !== undefined && { lines: { success: next, failure: next } }),
    ...more,
  });
  const planned = (
    id: string,
    widgets: Record<string, object>,
    steps: object[],
    path: string[],
    more: { onRemoteHangup?: string; onFlowComplete?: string } = {},
  ): Plan => {
    const document = { hookline: 1, id, start: 'answer', flowEndWebhook: true, widgets, ...more };
    const left = more.onRemoteHangup ?? null;
    const outcome = left === null ? 'completed' : 'hungUp';
    return { flow: document, caller: caller.parse({ realTime: true, steps }), path, left, outcome };
  };

  const plans: [Plan, ...Plan[]] = [
    // The caller leaves: in the webhook, or while the call waits.
    planned(
      'chaoleav',
      {
        answer: answer('ask'),
        ask: ask('lookup'),
        lookup: webhook('lookup', 'POST', 'stay'),
        stay: { type: 'delay', seconds: 300 },
        left: webhook('left', 'POST'),
      },
      [{ press: '1' }, { wait: 3 }, { hangUp: true }],
      ['answer', 'ask', 'lookup', 'stay'],
      { onRemoteHangup: 'left' },
    ),
    planned(
      'chaomenu',
      {
        answer: answer('ask'),
        ask: ask('count'),
        count,
        lookup: webhook('lookup', 'POST', 'say'),
        say: say('count'),
        bye,
      },
      [{ wait: 1 }, { press: '1' }],
      ['answer', 'ask', ...TWO_ROUNDS],
    ),
    planned(
      'chaowait',
      {
        answer: answer('pause'),
        pause: { type: 'delay', seconds: 2, lines: { next: 'count' } },
        count,
        lookup: webhook('lookup', 'GET', 'say'),
        say: say('count'),
        bye,
      },
      [],
      ['answer', 'pause', ...TWO_ROUNDS],
    ),
    planned(
      'chaonote',
      {
        answer: answer('note'),
        note: webhook('note', 'POST', 'digits', { wait: { enabled: false } }),
        digits: {
          type: 'collectDigits',
          prompt: { text: 'Your number please' },
          saveIn: '$flow.key.digits',
          lines: { next: 'say', noInput: 'say', invalid: 'say', failure: 'say' },
        },
        say: say('bye'),
        bye,
        after: webhook('after', 'POST'),
      },
      [{ wait: 1 }, { press: '12#' }],
      ['answer', 'note', 'digits', 'say', 'bye', 'after'],
      { onFlowComplete: 'after' },
    ),
  ];
  return (n) => ({ n, ...(plans[n % plans.length] ?? plans[0]) });
}
