/**
 * `docs/reference/cli.md`: the subcommands of `hookline`, in the words of their `--help`.
 * @module
 */
import type { Argument, Command } from 'commander';
import { COMMANDS } from '../../../src/cli/commands.js';
import { code, table } from '../table.js';

/** Every subcommand by its full name; a group such as `webhook` only by its members. */
export async function subcommands(): Promise<Map<string, Command>> {
  const found = new Map<string, Command>();
  const add = (command: Command, before = '') => {
    const name = `${before}${command.name()}`;
    if (command.commands.length === 0) found.set(name, command);
    for (const inner of command.commands) add(inner, `${name} `);
  };
  for (const load of Object.values(COMMANDS)) add(await load());
  return found;
}

/** Every subcommand with its arguments. */
export async function commandTable(): Promise<string> {
  const rows = [...(await subcommands())].map(([name, command]) => {
    const usage = ['hookline', name, ...command.registeredArguments.map(argumentText)].join(' ');
    return [code(usage), command.description()];
  });
  return table(['command', 'what it does'], rows);
}

/** Every argument and option, by subcommand. */
export async function optionTable(): Promise<string> {
  const rows = [...(await subcommands())].flatMap(([name, command]) => {
    const all = [
      ...command.registeredArguments.map((one) => [
        code(argumentText(one)),
        fallbackOf(one.defaultValue),
        one.description,
      ]),
      ...command.options.map((one) => [code(one.flags), fallbackOf(one.defaultValue, one.mandatory), one.description]),
    ];
    return all.map((cells, index) => [index === 0 ? code(name) : '', ...cells]);
  });
  return table(['command', 'argument or option', 'default', 'what it is'], rows);
}

function argumentText(argument: Argument): string {
  const name = argument.argChoices?.join('|') ?? argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
}

function fallbackOf(defaultValue: unknown, mandatory = false): string {
  if (typeof defaultValue === 'string' || typeof defaultValue === 'number') return code(String(defaultValue));
  return mandatory ? 'required' : '';
}
