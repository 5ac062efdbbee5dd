/**
 * Entry point of the command `hookline`: one file a subcommand under `cli/`.
 * @module
 */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { COMMANDS } from './cli/commands.js';
import { surviveClosedPipes } from './cli/output.js';

surviveClosedPipes();

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('hookline')
  .description('Phone call flows that cannot be lost: JSON flows of widgets, run as durable Temporal workflows.')
  .version(version)
  .showHelpAfterError('(hookline --help shows what there is)')
  .addHelpText(
    'after',
    `
First steps:
  $ hookline validate flow.json                            is the flow right?
  $ hookline run flow.json --set '$flow.key.order=1001'    one call with a simulated caller
  $ hookline start                                         a stack that stays, for many runs

Exit codes: 0 done, 2 a document is not valid (every error is listed), 1 anything else.`,
  );

const called = process.argv[2] ?? '';
for (const [name, load] of Object.entries(COMMANDS)) {
  if (name === called || !Object.hasOwn(COMMANDS, called)) program.addCommand(await load());
}
await program.parseAsync();
