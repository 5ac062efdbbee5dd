import { Command } from 'commander';
import { inDocument, readAccount, readFlow } from './documents.js';
import { guarded, print, printProblems } from './output.js';

interface Options {
  account?: string;
  json?: boolean;
}

/** `hookline validate`: every error and warning of a flow at once. Contract D5. */
export function validateCommand(): Command {
  return new Command('validate')
    .description('check a flow: every error and warning at once, each with its place')
    .argument('<flow.json>', 'the flow document')
    .option('--account <account.json>', 'check against this account; faults that depend on it are then errors')
    .option('--json', 'print { errors, warnings } as JSON on stdout')
    .action(guarded(validate, (_file, options) => options.json === true));
}

async function validate(file: string, options: Options): Promise<number> {
  const account = options.account === undefined ? undefined : await readAccount(options.account);
  const flow = await readFlow(file, account);
  const errors = [...flow.errors, ...inDocument('account', account?.errors ?? [])];
  const warnings = [...flow.warnings, ...inDocument('account', account?.warnings ?? [])];
  printProblems(errors, warnings, options.json === true);
  if (options.json !== true) print(verdict(file, errors.length, warnings.length));
  return errors.length > 0 ? 2 : 0;
}

function verdict(file: string, errors: number, warnings: number): string {
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  return errors > 0
    ? `${file}: ${count(errors, 'error')}, ${count(warnings, 'warning')}`
    : `${file} is valid${warnings > 0 ? `, with ${count(warnings, 'warning')}` : ''}`;
}
