import { connect } from 'node:net';
import { Command } from 'commander';
import { connectNative } from '../temporal/connect-native.js';
import { connectClient } from '../temporal/connect.js';
import { workflowBundle } from '../temporal/bundle.js';
import { quietRuntime } from '../temporal/runtime.js';
import { requireBridge } from '../stack/bridge-server.js';
import { knownServer } from '../stack/home.js';
import { HooklineError } from '../flow/errors.js';
import { httpBridgeSettings } from '../telephony/http/settings.js';
import type { BridgeReport } from '../telephony/check/report.js';
import { httpBridge } from '../telephony/check/http.js';
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
    .option('--url <url>', 'the URL at which the bridge takes commands')
    .option('--numbers <numbers.json>', 'the far ends to call; default: those of `hookline bridge simulate`')
    .option('--number <NAME=number>', 'one of them, as answers=100; repeatable', collect, [])
    .option('--only <rules>', 'check these rules alone: their ids, separated by commas')
    .option('--json', 'print the report as one JSON document on stdout')
    .addHelpText(
      'after',
      `
A bridge with a task queue is at the Temporal server of TEMPORAL_ADDRESS, else of the stack that runs from this folder, else at
127.0.0.1:7233. With a URL nothing of Temporal is needed; commands and events are signed with HOOKLINE_BRIDGE_SECRET, if it
is set. It takes about a minute, five at most, and four calls at a time.

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
  const { bridge, numbers, only } = valid;
  quietRuntime('ERROR');
  if (!json)
    say(
      `calling the bridge ${'url' in bridge ? `at ${bridge.url}` : `on task queue ${bridge.taskQueue}`}: about a minute`,
    );
  const tell: CheckOptions['checked'] = (rule) => {
    if (!json) for (const line of ruleLines(rule)) print(line);
  };
  const all = { numbers, only, checked: tell };
  const report = 'url' in bridge ? await onHttp(bridge.url, all) : await onTemporal(bridge.taskQueue, all);
  if (json) printJson(report);
  else print(`\n${verdictLine(report)}`);
  return report.broken > 0 ? 1 : 0;
}

async function onHttp(url: string, options: CheckOptions): Promise<BridgeReport> {
  const reached = await listens(new URL(url));
  if (!reached) {
    throw new HooklineError(
      'NO_BRIDGE',
      `No bridge answers at ${url}. To try the kit: hookline bridge simulate --port 8190`,
    );
  }
  const bridge = await httpBridge({ url, signature: httpBridgeSettings(process.env).signature });
  try {
    return await checkBridge(bridge, options);
  } finally {
    await bridge.close();
  }
}

/** Whether anybody takes connections there. */
function listens({ hostname, port, protocol }: URL): Promise<boolean> {
  const known = Number(port) || (protocol === 'https:' ? 443 : 80);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: known, timeout: 5000 });
    const end = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });
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
