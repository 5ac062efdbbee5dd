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
    .option('--task-queue <queue>', 'the task queue on which the bridge takes commands; or --url')
    .option('--url <url>', 'the URL at which the bridge takes commands over HTTP')
    .option(
      '--events-url <url>',
      'http://HOST:PORT of this machine that the bridge sends events to; default: 127.0.0.1, a free port',
    )
    .option('--numbers <numbers.json>', 'the far ends to call; default: those of `hookline bridge simulate`')
    .option('--number <NAME=number>', 'one far end, as answers=100; repeatable', collect, [])
    .option('--only <rules>', 'check only these rules: their ids, separated by commas')
    .option('--json', 'print the report as one JSON document on stdout')
    .addHelpText(
      'after',
      `
The task queue is on the Temporal server at TEMPORAL_ADDRESS, or that of the stack that runs in this folder, or
127.0.0.1:7233. Over HTTP, messages are signed with HOOKLINE_BRIDGE_SECRET, and no Temporal is needed. The check makes
four calls at a time, and takes about a minute, at most five.

Exit codes: 0 no rule is broken, 1 a rule is broken or the check could not run, 2 an option or the numbers file is not
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
  if (!json) say(`calling the bridge ${place}; this takes about a minute`);
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
