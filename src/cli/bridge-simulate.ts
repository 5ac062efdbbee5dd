import { Command } from 'commander';
import { untilStopped } from '../stack/until-stopped.js';
import { knownServer } from '../stack/home.js';
import { SIMULATED_FAR_ENDS, SIMULATED_NUMBERS } from '../telephony/check/numbers.js';
import type { Heard } from '../telephony/simulator/bridge.js';
import { startSimulator } from '../telephony/simulator/worker.js';
import { connectNative } from '../temporal/connect-native.js';
import { connectClient } from '../temporal/connect.js';
import { quietRuntime } from '../temporal/runtime.js';
import { readCaller } from './documents.js';
import { colour, guarded, print, printProblems, say } from './output.js';

interface Options {
  taskQueue: string;
  caller?: string;
}

/** `hookline bridge simulate`: our simulator as a bridge to try against. Contract D6. */
export function bridgeSimulateCommand(): Command {
  return new Command('simulate')
    .description('run the simulated bridge until Ctrl-C: something to try calls and `hookline bridge check` against')
    .option('--task-queue <queue>', 'the task queue on which it takes commands', 'bridge-simulator')
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

async function simulate({ taskQueue, caller }: Options): Promise<number> {
  const script = caller === undefined ? { errors: [], value: SIMULATED_FAR_ENDS } : await readCaller(caller);
  if (!script.value) {
    printProblems(script.errors, [], false);
    return 2;
  }
  const { legs, realTime } = script.value;
  quietRuntime('ERROR');
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

function tell(heard: Heard): void {
  const { at, callId, leg, kind } = heard;
  const detail = 'text' in heard ? heard.text : 'cause' in heard ? `cause ${heard.cause}` : '';
  print(`${colour('dim', `${at}  ${callId} leg ${leg}`)}  ${kind} ${detail}`.trimEnd());
}
