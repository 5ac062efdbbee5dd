/**
 * The calls of the bench: the flow documents, and how one is started.
 * @module
 */
import type { WorkflowHandle } from '@temporalio/client';
import { startCall } from '../src/calls/start-call.js';
import type { Job } from './engine.js';
import type { TemporalStack } from './temporal-stack.js';

type Widgets = Record<string, object>;

/** The account of all calls: it may have any number of them. */
export function accountOf({ flowEndUrl }: Job) {
  return {
    ...{
      id: 1,
      httpEnabled: true,
      targetAllowList: ['127.0.0.1'],
      defaultWebhook: { url: flowEndUrl, auth: { type: 'none' } },
    },
    limits: { callsAtOnce: 100_000, callsPerSecond: 10_000 },
  };
}

/** A flow with these widgets, whose first is where it starts. */
export function flowOf(id: string, widgets: Widgets, more: object = {}) {
  return {
    hookline: 1,
    id,
    name: id,
    type: 'inbound',
    flowEndWebhook: true,
    start: Object.keys(widgets)[0],
    widgets,
    ...more,
  };
}

/** Asks the target for the call's status. */
export function lookUp({ lookupUrl }: Job, next: string, more: object = {}) {
  return {
    type: 'webhook',
    request: { method: 'POST', url: lookupUrl, body: { type: 'json', content: { call: '$flow.key.call' } } },
    response: { type: 'json', map: [{ saveIn: '$flow.key.status', path: 'data.status', mandatory: true }] },
    lines: { success: next, failure: next },
    ...more,
  };
}

/** Where the answer leads: `sent` or not. */
export function branch(sent: string, other: string) {
  const when = { left: '$flow.key.status', op: 'equals', right: 'sent' };
  return { type: 'decision', cases: [{ line: 'sent', when }], lines: { sent, otherwise: other } };
}

/** The job that every engine does. */
export function jobFlow(job: Job) {
  const keep = (value: string) => ({ type: 'storeVariable', assign: [{ saveIn: '$flow.key.told', value }] });
  return flowOf('benchjob', { ask: lookUp(job, 'decide'), decide: branch('sent', 'other'), sent: keep('sent'), other: keep('other') }); // prettier-ignore
}

/** A telephone call: answered, asked for, told, hung up. */
export function phoneFlow(job: Job) {
  const say = (text: string) => ({ type: 'play', prompt: { text }, lines: { next: 'bye' } });
  return flowOf('benchcal', {
    answer: { type: 'answerCall', lines: { next: 'ask' } },
    ask: lookUp(job, 'decide'),
    decide: branch('sent', 'other'),
    sent: say('It is on its way.'),
    other: say('We know nothing of it.'),
    bye: { type: 'hangUp' },
  });
}

/** Ten widgets: two prompts, a menu that nobody answers, a variable, prompts, a webhook, a branch, prompts, the hang-up. */
export function ivrFlow(job: Job) {
  const say = (text: string, next: string) => ({ type: 'play', prompt: { text }, lines: { next } });
  const menu = { type: 'menu', prompt: { text: 'Press 1 for orders.' }, keys: { 1: 'one' }, attempts: 3 };
  const note = { type: 'storeVariable', assign: [{ saveIn: '$flow.key.asked', value: 'orders' }] };
  return flowOf('benchivr', {
    answer: { type: 'answerCall', lines: { next: 'hello' } },
    hello: say('Welcome.', 'menu'),
    menu: { ...menu, lines: { one: 'note', noInput: 'note', invalid: 'note' } },
    note: { ...note, lines: { next: 'first' } },
    first: say('We look for $flow.key.asked.', 'second'),
    second: say('One moment.', 'ask'),
    ask: lookUp(job, 'decide'),
    decide: branch('sent', 'other'),
    sent: say('It is $flow.key.status.', 'thanks'),
    other: say('We know nothing of it.', 'thanks'),
    thanks: say('Thank you.', 'bye'),
    bye: { type: 'hangUp' },
  });
}

/** What the bridge says of itself. */
export interface BenchAbilities {
  /** Default: that it takes sequences. */
  can?: 'sequence'[];
  /** Whether it is watched as a whole, default false. Contract B8. */
  watched?: boolean;
}

/** Starts a call as a bridge would. */
export function startBenchCall(
  stack: TemporalStack,
  id: string,
  flow: object,
  account: { id: number },
  { can = ['sequence'], watched = false }: BenchAbilities = {},
): Promise<WorkflowHandle> {
  const { bridge, client } = stack;
  const abilities = { ...(can.length > 0 && { can }), ...(watched && { watched: bridge.epoch }) };
  const startedAt = new Date().toISOString();
  return startCall(
    client,
    {
      ...{ account, flow: flow as { id: string } },
      call: { id, direction: 'inbound', from: '919800000001', to: '912200000002', startedAt },
      variables: { '$flow.key.call': id },
      bridge: { id: bridge.id, taskQueue: bridge.id, ...abilities },
    },
    { findsBridges: true },
  );
}

/** Reads id and status from the flow end of these flows. */
export function readFlowEnd(body: unknown): { call: string; status: string } {
  const { keys } = body as { keys: { name: string; value: string }[] };
  const of = (name: string) => keys.find((key) => key.name === `$flow.key.${name}`)?.value ?? '';
  return { call: of('call'), status: of('status') };
}
