import { Command } from 'commander';
import type { CheckOptions } from '../../telephony/check/run-check.js';
import { type CheckArguments, readCheckOptions } from './bridge-options.js';
import { ruleLines, verdictLine } from './bridge-report.js';
import { checkThere } from './bridge-ways.js';
import { guarded, print, printJson, printProblems, say } from '../output.js';

/** `hookline bridge check`: which rules of the reference a bridge keeps. Contract B. */
export function bridgeCheckCommand(): Command {
  return new Command('check')
    .description('make calls on a bridge, and report which rules of the reference it keeps')
    .option('--task-queue <queue>', 'the task queue on which the bridge takes commands; or')
    .option('--url <url>', 'the URL at which it takes them over HTTP')
    .option('--events-url <url>', 'http://HOST:PORT of this machine for its events; default: 127.0.0.1, a free port')
    .option('--numbers <numbers.json>', 'the far ends to call; default: those of `hookline bridge simulate`')
    .option('--number <NAME=number>', 'one of them, as answers=100; repeatable', collect, [])
    .option('--only <rules>', 'check these rules alone: their ids, separated by commas')
    .option('--json', 'print the report as one JSON document on stdout')
    .addHelpText(
      'after',
      `
A task queue is at the Temporal server of TEMPORAL_ADDRESS, else of the stack that runs from this folder, else at
127.0.0.1:7233. Over HTTP messages are signed with HOOKLINE_BRIDGE_SECRET, and no Temporal is needed. It takes about a minute, five at most, and four calls at a time.

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
  const { where, numbers, only } = valid;
  const place = 'url' in where ? `at ${new URL(where.url).origin}` : `on task queue ${where.taskQueue}`;
  if (!json) say(`calling the bridge ${place}: about a minute`);
  const tell: CheckOptions['checked'] = (rule) => {
    if (!json) for (const line of ruleLines(rule)) print(line);
  };
  const report = await checkThere(where, { numbers, only, checked: tell });
  if (json) printJson(report);
  else print(`\n${verdictLine(report)}`);
  return report.broken > 0 ? 1 : 0;
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
