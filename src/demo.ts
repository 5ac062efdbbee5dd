/**
 * Entry point of `npm start`: the development stack, and a demonstration call of `examples/order-status` on it.
 * `--once` ends after the call, with exit code 0 only when its flow end arrived.
 * @module
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readForRun } from './cli/documents.js';
import { colour, guarded, print, say, surviveClosedPipes } from './cli/output.js';
import { timelineLine } from './cli/timeline.js';
import { flowEndId } from './engine/flow-end-target.js';
import { HooklineError } from './flow/errors.js';
import { startStack, type Stack } from './stack/development.js';
import { simulateCall } from './stack/simulated-call.js';
import { untilStopped } from './stack/until-stopped.js';
import { quietRuntime } from './temporal/runtime.js';

const EXAMPLE = fileURLToPath(new URL('../examples/order-status/', import.meta.url));
const SERVICE = 'http://127.0.0.1:4010';

surviveClosedPipes();
await guarded(demo)(process.argv.includes('--once'));

async function demo(once: boolean): Promise<number> {
  quietRuntime();
  const stopped = untilStopped();
  const stopService = await startOrderService();
  const stack = await startStack(say);
  try {
    print();
    print(colour('bold', 'A call of examples/order-status'));
    const arrived = await demonstrate(stack);
    print();
    print(`Order service  ${SERVICE}`);
    print(`Temporal       ${stack.address} (namespace ${stack.namespace})`);
    if (stack.uiUrl) print(`Temporal UI    ${stack.uiUrl}`);
    print(`API            ${stack.apiUrl}`);
    if (once) return arrived ? 0 : 1;
    print(
      'Place more calls: npx hookline run examples/order-status/flow.json --account examples/order-status/account.json',
    );
    print('Ctrl-C stops.');
    await stopped;
    return 0;
  } finally {
    say('stopping ...');
    await stack.stop();
    stopService();
  }
}

/** Runs the call and prints its story; gives whether the order service received the flow end. */
async function demonstrate(stack: Stack): Promise<boolean> {
  const read = await readForRun(`${EXAMPLE}flow.json`, { account: `${EXAMPLE}account.json` });
  if (!read.documents) throw new Error(`The example is not valid: ${JSON.stringify(read.errors)}`);
  const onEntry = (...entry: Parameters<typeof timelineLine>) => print(timelineLine(...entry));
  const call = await simulateCall({ ...stack, ...read.documents, waitFlowEnd: 10, onEntry });
  await call.settled;
  await call.close();
  const answer = await fetch(`${SERVICE}/flow-end`);
  const received = (await answer.json()) as { id: string; payload: unknown }[];
  const flowEnd = received.find(({ id }) => id === flowEndId(call.report.call));
  print();
  print(`${colour('bold', 'The flow end, as the order service received it')}`);
  print(flowEnd ? JSON.stringify(flowEnd.payload, null, 2) : colour('red', 'nothing'));
  return flowEnd !== undefined;
}

/** Starts the example's order service, or uses the one that runs already. */
async function startOrderService(): Promise<() => void> {
  const running = await fetch(`${SERVICE}/health`).then(
    (answer) => answer.json() as Promise<{ service?: string }>,
    () => undefined,
  );
  if (running?.service === 'order-status') return () => undefined;
  const child = fork(`${EXAMPLE}service.mjs`, { stdio: ['ignore', 2, 2, 'ipc'] });
  await new Promise<void>((ready, failed) => {
    child.once('message', () => ready());
    child.once('exit', () =>
      failed(
        new HooklineError('PORT_TAKEN', `The order service cannot listen on ${SERVICE}. End what uses that port.`),
      ),
    );
  });
  return () => child.kill('SIGTERM');
}
