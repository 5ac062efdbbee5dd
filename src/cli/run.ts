import { Command, InvalidArgumentError } from 'commander';
import type { CallReport } from '../engine/call-report.js';
import { masked } from '../flow/values/mask.js';
import { temporalSettings } from '../temporal/connect.js';
import { quietRuntime } from '../temporal/runtime.js';
import type { Stack } from '../stack/development.js';
import { runningStack } from '../stack/home.js';
import { simulateCall } from '../stack/simulated-call.js';
import { type DocumentOptions, readForRun } from './documents.js';
import { colour, guarded, print, printJson, printProblems, say } from './output.js';
import { timelineLine, unscripted } from './timeline.js';

interface Options extends DocumentOptions {
  json?: boolean;
  waitFlowEnd: number;
  max?: number;
}

/** `hookline run`: one call with a simulated caller. Contract D4. */
export function runCommand(): Command {
  return new Command('run')
    .description('run one call of a flow with a simulated caller')
    .argument('<flow.json>', 'the flow document')
    .option('--account <account.json>', 'the account that owns the flow; default: id 1 and every default')
    .option('--caller <caller.json>', 'what the caller does; default: the caller stays on the line')
    .option(
      '--set <NAME=value>',
      "set a variable before the first widget, as '$flow.key.order=1001'; repeatable",
      collect,
      [],
    )
    .option('--wait-flow-end <seconds>', 'seconds to wait for the flow end after the call', seconds, 10)
    .option('--max <seconds>', 'cancel a call that still runs after so many seconds; default: no limit', maximum)
    .option('--json', 'print the result as one JSON document on stdout')
    .addHelpText(
      'after',
      `
The call runs on the server at TEMPORAL_ADDRESS. Without that setting it runs on the stack that \`hookline start\` or
\`npm start\` keeps running in this folder, or on a stack of its own, which starts and stops with the call.`,
    )
    .action(guarded(run, (_file, options) => options.json === true));
}

async function run(file: string, options: Options): Promise<number> {
  const json = options.json === true;
  const { errors, warnings, documents } = await readForRun(file, options);
  if (!documents) {
    printProblems(errors, warnings, json);
    return 2;
  }
  if (!json) printProblems([], warnings, false);
  quietRuntime();
  const { stack, ephemeral } = await stackForRun(json ? () => undefined : say);
  try {
    const call = await simulateCall({
      ...stack,
      ...documents,
      waitFlowEnd: options.waitFlowEnd,
      maxSeconds: options.max,
      onPartyEvent: (event) => {
        if (event.kind === 'unscripted') say(unscripted(masked(event.text, event.sensitive === true)));
      },
      onEntry: (entry, startedAt) => {
        if (!json) print(timelineLine(entry, startedAt));
      },
    });
    if (json) printJson(call.report);
    else printReport(call.report);
    if (call.limitReached) {
      const widget = call.report.path.at(-1)?.widget ?? 'none';
      process.stderr.write(
        `hookline: the call still ran after ${options.max} s (--max) and was cancelled. Its last widget: ${widget}.\n`,
      );
    }
    if (ephemeral && call.report.flowEnd?.delivered === false) {
      process.stderr.write(
        'hookline: the flow end was not delivered, and this stack stops: no further attempt is made.\n',
      );
    } else if (ephemeral) await call.settled;
    await call.close();
    return 0;
  } finally {
    await stack.stop();
  }
}

/** The configured server, else the running stack, else one of our own. */
async function stackForRun(tell: (line: string) => void): Promise<{ stack: Stack; ephemeral: boolean }> {
  const configured = temporalSettings();
  const found = configured.address === null ? runningStack() : { ...configured, address: configured.address };
  if (!found) {
    // Loaded only here: a run on a stack that is up needs no activities, and starts half a second sooner.
    const { ephemeralStack } = await import('../stack/ephemeral.js');
    return { stack: await ephemeralStack(tell), ephemeral: true };
  }
  const { address, namespace } = found;
  return { stack: { address, namespace, uiUrl: null, stop: () => Promise.resolve() }, ephemeral: false };
}

function printReport(report: CallReport): void {
  const good = report.outcome === 'completed' || report.outcome === 'hungUp';
  print();
  print(`${colour(good ? 'green' : 'red', report.outcome)}  ${report.path.map((entry) => entry.widget).join(' -> ')}`);
  if (report.error) print(colour('red', `${report.error.code}: ${report.error.message}`));
  for (const [name, value] of Object.entries(report.variables)) print(`  ${name} = ${shortened(value)}`);
  if (report.flowEnd)
    print(`flow end ${report.flowEnd.delivered ? 'delivered' : 'not delivered'}, attempts: ${report.flowEnd.attempts}`);
}

function shortened(value: string): string {
  return value.length > 200 ? `${value.slice(0, 200)}… (${value.length} characters)` : value;
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function seconds(value: string): number {
  const number = Number(value);
  if (!(number >= 0 && number <= 3600)) throw new InvalidArgumentError('The value is 0 to 3600 seconds.');
  return number;
}

function maximum(value: string): number {
  const number = Number(value);
  if (!(number >= 1 && number <= 86_400)) throw new InvalidArgumentError('The value is 1 to 86400 seconds.');
  return number;
}
