import { Command } from 'commander';
import type { Caller } from '../../flow/documents/caller.js';
import { masked } from '../../flow/values/mask.js';
import { knownServer } from '../../stack/home.js';
import { portTaken } from '../../stack/port-taken.js';
import { untilStopped } from '../../stack/until-stopped.js';
import { SIMULATED_FAR_ENDS, SIMULATED_NUMBERS } from '../../telephony/check/far-ends.js';
import type { PartyEvent } from '../../telephony/simulator/simulated-bridge.js';
import { startHttpSimulator } from '../../telephony/simulator/http-simulator.js';
import { startSimulator } from '../../telephony/simulator/simulator-worker.js';
import { connectNative } from '../../temporal/connect-native.js';
import { connectClient } from '../../temporal/connect.js';
import { quietRuntime } from '../../temporal/runtime.js';
import { readSignature } from './bridge-where.js';
import { readCaller } from '../documents.js';
import { colour, guarded, print, printProblems, say } from '../output.js';

interface Options {
  taskQueue?: string;
  port?: string;
  caller?: string;
}

type Outbound = Pick<Caller, 'legs' | 'realTime'>;

const TASK_QUEUE = 'bridge-simulator';

/** `hookline bridge simulate`: runs the simulator as a bridge. Contract D6. */
export function bridgeSimulateCommand(): Command {
  return new Command('simulate')
    .description('run the simulated bridge until Ctrl-C, to try calls and `hookline bridge check` against')
    .option('--task-queue <queue>', `the task queue on which it takes commands; default: ${TASK_QUEUE}`)
    .option('--port <port>', 'take commands over HTTP instead, at this port of 127.0.0.1; 0: any free port')
    .option(
      '--caller <caller.json>',
      'how numbers that are dialled behave (`legs`, `realTime`); default: far ends of its own, listed by --help',
    )
    .addHelpText(
      'after',
      `
Over HTTP, messages are signed with HOOKLINE_BRIDGE_SECRET, and no Temporal is needed.

By default it knows these numbers, in real time; any other number answers after a second:
${Object.entries(SIMULATED_NUMBERS)
  .filter(([name]) => name !== 'from')
  .map(([name, number]) => `  ${number}  ${name}`)
  .join('\n')}`,
    )
    .action(guarded(simulate));
}

async function simulate({ taskQueue, port, caller }: Options): Promise<number> {
  const script = caller === undefined ? { errors: [], value: SIMULATED_FAR_ENDS } : await readCaller(caller);
  const faults = [...script.errors, ...(port === undefined ? [] : portFaults(port, taskQueue))];
  if (!script.value || faults.length > 0) {
    printProblems(faults, [], false);
    return 2;
  }
  const { legs, realTime } = script.value;
  const outbound = { legs, realTime };
  return port === undefined ? onTemporal(taskQueue ?? TASK_QUEUE, outbound) : overHttp(Number(port), outbound);
}

async function onTemporal(taskQueue: string, outbound: Outbound): Promise<number> {
  quietRuntime();
  const { address, namespace } = knownServer();
  const { connection, client } = await connectClient(address, namespace);
  const native = await connectNative(address);
  const simulator = await startSimulator({
    connection: native,
    client,
    namespace,
    taskQueue,
    outbound,
    onPartyEvent: printEvent,
  });
  say(`the simulated bridge takes commands from task queue ${taskQueue} at ${address}; Ctrl-C stops`);
  await untilStopped();
  await simulator.shutdown();
  await native.close();
  await connection.close();
  return 0;
}

async function overHttp(port: number, outbound: Outbound): Promise<number> {
  const read = readSignature(process.env);
  if (read.problem !== undefined) {
    printProblems([invalid(read.problem)], [], false);
    return 2;
  }
  const { signature } = read;
  const options = { port, outbound, onPartyEvent: printEvent, secret: signature ?? undefined };
  const simulator = await startHttpSimulator(options).catch(portTaken(port, '--port'));
  const signed = signature === null ? 'unsigned, because HOOKLINE_BRIDGE_SECRET is not set' : 'signed ones only';
  say(`the simulated bridge takes commands at ${simulator.url} (${signed}); Ctrl-C stops`);
  await untilStopped();
  await simulator.shutdown();
  return 0;
}

function portFaults(port: string, taskQueue: string | undefined) {
  const faults = taskQueue === undefined ? [] : ['--task-queue and --port: give only one of them.'];
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) faults.push('--port: the value is 0 to 65535.');
  return faults.map(invalid);
}

function invalid(message: string) {
  return { code: 'INVALID_VALUE' as const, pointer: '', message };
}

function printEvent(event: PartyEvent): void {
  const { at, callId, leg, kind } = event;
  const detail =
    'text' in event ? masked(event.text, event.sensitive === true) : 'cause' in event ? `cause ${event.cause}` : '';
  print(`${colour('dim', `${at}  ${callId} leg ${leg}`)}  ${kind} ${detail}`.trimEnd());
}
