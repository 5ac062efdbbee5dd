/**
 * One run: calls at a steady pace while things go wrong, then the wait for what is still under way.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError, type WorkflowHandle } from '@temporalio/client';
import { startCall } from '../../../src/calls/start-call.js';
import { callReport } from '../../../src/calls/read-call.js';
import { callWorkflowId } from '../../../src/calls/call-id.js';
import type { CallReport } from '../../../src/engine/call-report.js';
import { type PlannedCall, callPlanner } from './calls.js';
import type { ChaosOptions } from './options.js';
import { planFaults } from './plan.js';
import { type Random, seeded } from './random.js';
import { ChaosStack, type Struck } from './stack.js';
import { type CountingTarget, startTarget } from './target.js';
import type { Seen } from './verdict.js';

/** Calls a second: about half of what two cores can carry, so that what is measured is recovery and not a queue. */
const PACE = 2;
/** Calls under way at which no further one is started: on a slower machine the pace gives way. */
const AT_ONCE = 40;
/** The first of this many calls has a flow end that only the abandoned child delivers (E5). */
const DEAF_ONE_IN = 50;
/** Milliseconds without any progress after which what is missing counts as missing: the child's first gaps and more. */
const PATIENCE_MS = 150_000;
/**
 * Milliseconds without any call that closes after which those still open count as lost, once the flow ends are there. A call that was hit
 * last recovers first, which took 17 s on a machine with eight processes for each processor.
 */
const CLOSE_MS = 60_000;
/** Questions to the server at a time. */
const QUESTIONS = 16;

const ACCOUNT = 7;

/** What a run left: what was seen, what struck, and how each call can be read. */
export interface Ran extends Seen {
  struck: Struck[];
  handles: ReadonlyMap<number, WorkflowHandle>;
  lostEvents: number;
  /** How often a worker ended though nobody killed it. */
  workerFailures: number;
}

/** Runs the calls. `read` is given the run while its server is still there. */
export async function runChaos<T>(
  options: ChaosOptions,
  say: (line: string) => void,
  read: (ran: Ran) => Promise<T>,
): Promise<T> {
  const random = seeded(options.seed);
  const target = await startTarget(seeded(options.seed + 1), (n) => n < options.calls / DEAF_ONE_IN);
  const stack = await ChaosStack.start(target.port, options.watched);
  try {
    say(
      `the stack is up: a server, two workers, a bridge${options.watched ? ' that is watched' : ''}; seed ${options.seed}`,
    );
    const started = new Map<number, PlannedCall>();
    const handles = new Map<number, WorkflowHandle>();
    const [struck] = await Promise.all([
      strikeAll(stack, options, random, say),
      startAll(stack, target, options, started, handles),
    ]);
    say(`${started.size} calls started; waiting for what is under way`);
    await untilQuiet(target, stack, options.calls);
    const reports = await readReports(handles);
    const { arrivals, lostEvents } = stack.bridge;
    const { requests, flowEnds } = target;
    const seen = { started, reports, flowEnds, requests, arrivals };
    const workerFailures = stack.workers.reduce((sum, { failures }) => sum + failures, 0);
    return await read({ ...seen, struck, handles, lostEvents: lostEvents.length, workerFailures });
  } finally {
    await stack.stop();
    target.close();
  }
}

async function strikeAll(
  stack: ChaosStack,
  { calls, kills }: ChaosOptions,
  random: Random,
  say: (line: string) => void,
): Promise<Struck[]> {
  const begin = Date.now();
  const struck: Struck[] = [];
  for (const fault of planFaults(kills, (calls / PACE) * 1000, random)) {
    await pause(Math.max(0, begin + fault.at - Date.now()));
    const one = await stack.strike(fault);
    struck.push(one);
    say(`${((one.at - begin) / 1000).toFixed(1)} s: ${one.what}, for ${((one.over - one.at) / 1000).toFixed(1)} s`);
  }
  return struck;
}

async function startAll(
  stack: ChaosStack,
  target: CountingTarget,
  { calls, sequences }: ChaosOptions,
  started: Map<number, PlannedCall>,
  handles: Map<number, WorkflowHandle>,
): Promise<void> {
  const plan = callPlanner(stack.targetUrl);
  // Of the four calls of a kind in turn, half are two.
  const listed = (n: number) => sequences === 'on' || (sequences === 'half' && n % 8 >= 4);
  const starting: Promise<void>[] = [];
  for (let n = 0; n < calls; n++) {
    while (n - target.flowEnds.size >= AT_ONCE) await pause(50);
    const call = plan(n);
    starting.push(
      start(stack, call, listed(n)).then((handle) => {
        started.set(n, call);
        handles.set(n, handle);
      }),
    );
    await pause(1000 / PACE);
  }
  await Promise.all(starting);
}

/** Starts a call as a bridge does: again and again until the server has taken it (C5). */
async function start(
  { bridge, client, node, targetUrl }: ChaosStack,
  { n, flow, caller }: PlannedCall,
  listed: boolean,
) {
  const callId = String(n);
  const workflowId = callWorkflowId(ACCOUNT, bridge.id, callId);
  bridge.addCall({ callId, workflowId, caller });
  for (;;) {
    try {
      return await startCall(client, {
        account: {
          id: ACCOUNT,
          httpEnabled: true,
          targetAllowList: ['127.0.0.1'],
          defaultWebhook: { url: `${targetUrl}/flow-end` },
        } as { id: number },
        flow,
        call: { id: callId, direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() },
        variables: { '$flow.key.n': callId, '$flow.key.round': '1' },
        bridge: { ...node, ...(listed && { can: ['sequence'] }) },
      });
    } catch (error) {
      // It was taken the first time, though the answer was lost, and has ended since.
      if (error instanceof WorkflowExecutionAlreadyStartedError) return client.workflow.getHandle(workflowId);
      await pause(200);
    }
  }
}

/** Waits until every flow end is there, or nothing has moved for long. */
async function untilQuiet(target: CountingTarget, { bridge }: ChaosStack, calls: number): Promise<void> {
  const moved = () => target.requests.length + bridge.arrivals.length;
  let [last, since] = [moved(), Date.now()];
  while (target.flowEnds.size < calls && Date.now() - since < PATIENCE_MS) {
    await pause(250);
    if (moved() !== last) [last, since] = [moved(), Date.now()];
  }
}

async function readReports(handles: ReadonlyMap<number, WorkflowHandle>): Promise<Map<number, CallReport>> {
  const reports = new Map<number, CallReport>();
  let lastClosed = Date.now();
  const stop = new AbortController();
  const read = eachOf(handles, async (n, handle) => {
    const report = await callReport(handle).catch(() => undefined);
    if (report) reports.set(n, report);
    lastClosed = Date.now();
  });
  const patience = async () => {
    while (!stop.signal.aborted && Date.now() - lastClosed < CLOSE_MS) await pause(250);
  };
  await Promise.race([read, patience()]);
  stop.abort();
  return reports;
}

/** Does something for each call, some at a time. */
export async function eachOf(
  handles: ReadonlyMap<number, WorkflowHandle>,
  act: (n: number, handle: WorkflowHandle) => Promise<void>,
): Promise<void> {
  const left = [...handles];
  const next = async () => {
    for (let one = left.shift(); one; one = left.shift()) await act(...one);
  };
  await Promise.all(Array.from({ length: QUESTIONS }, next));
}
