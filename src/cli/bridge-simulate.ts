import { Command, InvalidArgumentError } from 'commander';
import { untilStopped } from '../stack/until-stopped.js';
import { knownServer } from '../stack/home.js';
import { SIMULATED_FAR_ENDS, SIMULATED_NUMBERS } from '../telephony/check/numbers.js';
import type { Heard } from '../telephony/simulator/bridge.js';
import type { Caller } from '../flow/caller.js';
import { startHttpSimulator } from '../telephony/simulator/http.js';
import { startSimulator } from '../telephony/simulator/worker.js';
import { connectNative } from '../temporal/connect-native.js';
import { connectClient } from '../temporal/connect.js';
import { quietRuntime } from '../temporal/runtime.js';
import { readCaller } from './documents.js';
import { colour, guarded, print, printProblems, say } from './output.js';

interface Options {
  taskQueue: string;
  port?: number;
  caller?: string;
}

/** `hookline bridge simulate`: our simulator as a bridge to try against. Contract D6. */
export function bridgeSimulateCommand(): Command {
  return new Command('simulate')
    .description('run the simulated bridge until Ctrl-C: something to try calls and `hookline bridge check` against')
    .option('--task-queue <queue>', 'the task queue on which it takes commands', 'bridge-simulator')
    .option('--port <port>', 'take commands over HTTP at this port of 127.0.0.1 instead', port)
    .option('--caller <caller.json>', 'how numbers that are dialled behave (`legs`, `realTime`); default: see below')
    .addHelpText(
      'after',
      `
By default these numbers are there, in real time; any other one answers after a second:
${Object.entries(SIMULATED_NUMBERS)
  .filter(([name]) => name !== 'from')
  .map(([name, number]) => `  ${number}  ${name}`)
  .join('\n')}`,
    )
    .action(guarded(simulate));
}

async function simulate({ taskQueue, port, caller }: Options): Promise<number> {
  const script = caller === undefined ? { errors: [], value: SIMULATED_FAR_ENDS } : await readCaller(caller);
  if (!script.value) {
    printProblems(script.errors, [], false);
    return 2;
  }
  const { legs, realTime } = script.value;
  quietRuntime('ERROR');
  if (port !== undefined) return overHttp(port, { legs, realTime });
  const { address, namespace } = knownServer();
  const { connection, client } = await connectClient(address, namespace);
  const native = await connectNative(address);
  const outbound = { legs, realTime };
  const simulator = await startSimulator({ connection: native, client, namespace, taskQueue, outbound, heard: tell });
  say(`the simulated bridge takes commands from task queue ${taskQueue} at ${address}; Ctrl-C stops`);
  await untilStopped();
  await simulator.shutdown();
  await native.close();
  await connection.close();
  return 0;
}

async function overHttp(port: number, outbound: Pick<Caller, 'legs' | 'realTime'>): Promise<number> {
  const secret = process.env.HOOKLINE_BRIDGE_SECRET;
  const simulator = await startHttpSimulator({ port, outbound, heard: tell, ...(secret ? { secret } : {}) });
  say(`the simulated bridge takes commands at ${simulator.url}; Ctrl-C stops`);
  await untilStopped();
  await simulator.shutdown();
  return 0;
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('A port is 0 to 65,535.');
}

function tell(heard: Heard): void {
  const { at, callId, leg, kind } = heard;
  const detail = 'text' in heard ? heard.text : 'cause' in heard ? `cause ${heard.cause}` : '';
  print(`${colour('dim', `${at}  ${callId} leg ${leg}`)}  ${kind} ${detail}`.trimEnd());
}
