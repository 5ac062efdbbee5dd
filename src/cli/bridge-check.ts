import { Command } from 'commander';
import { connectNative } from '../temporal/connect-native.js';
import { connectClient } from '../temporal/connect.js';
import { workflowBundle } from '../temporal/bundle.js';
import { quietRuntime } from '../temporal/runtime.js';
import { requireBridge } from '../stack/bridge-server.js';
import { knownServer } from '../stack/home.js';
import type { BridgeReport } from '../telephony/check/report.js';
import { checkBridge, type CheckOptions } from '../telephony/check/run.js';
import { temporalBridge } from '../telephony/check/temporal.js';
import { type CheckArguments, readCheckOptions } from './bridge-options.js';
import { ruleLines, verdictLine } from './bridge-report.js';
import { guarded, print, printJson, printProblems, say } from './output.js';

/** `hookline bridge check`: which rules of the reference a bridge keeps. Contract B. */
export function bridgeCheckCommand(): Command {
  return new Command('check')
    .description('make calls on a bridge, and report which rules of the reference it keeps')
    .option('--task-queue <queue>', 'the task queue on which the bridge takes commands')
    .option('--numbers <numbers.json>', 'the far ends to call; default: those of `hookline bridge simulate`')
    .option('--number <NAME=number>', 'one of them, as answers=100; repeatable', collect, [])
    .option('--only <rules>', 'check these rules alone: their ids, separated by commas')
    .option('--json', 'print the report as one JSON document on stdout')
    .addHelpText(
      'after',
      `
The bridge is at the Temporal server of TEMPORAL_ADDRESS, else of the stack that runs from this folder, else at
127.0.0.1:7233. It takes about a minute, five at most, and four calls at a time.

Exit codes: 0 no rule is broken, 1 a rule is, or the check could not be made, 2 an option or the numbers file is not
valid. docs/reference/bridge.md lists the rules and the far ends.`,
    )
    .action(guarded(check, (options) => options.json === true));
}

async function check(options: CheckArguments & { json?: boolean }): Promise<number> {
  const json = options.json === true;
  const { problems, valid } = await readCheckOptions(options);
  if (!valid) {
    printProblems(problems, [], json);
    return 2;
  }
  const { taskQueue, numbers, only } = valid;
  quietRuntime('ERROR');
  if (!json) say(`calling the bridge on task queue ${taskQueue}: about a minute`);
  const tell: CheckOptions['checked'] = (rule) => {
    if (!json) for (const line of ruleLines(rule)) print(line);
  };
  const report = await onTemporal(taskQueue, { numbers, only, checked: tell });
  if (json) printJson(report);
  else print(`\n${verdictLine(report)}`);
  return report.broken > 0 ? 1 : 0;
}

async function onTemporal(taskQueue: string, options: CheckOptions): Promise<BridgeReport> {
  const { address, namespace } = knownServer();
  const { connection, client } = await connectClient(address, namespace);
  try {
    await requireBridge(client, namespace, taskQueue, address);
    const native = await connectNative(address);
    const bundle = await workflowBundle();
    const bridge = await temporalBridge({ client, connection: native, namespace, taskQueue, bundle });
    try {
      return await checkBridge(bridge, options);
    } finally {
      await bridge.close();
      await native.close();
    }
  } finally {
    await connection.close();
  }
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
