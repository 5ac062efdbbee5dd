import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { HooklineError } from '../flow/errors.js';
import { bytesOf } from './documents.js';
import { type FlowsOptions, secretClient, withAccount, withApi } from './flows/flows-where.js';
import { guarded, print, printJson } from './output.js';

/** `hookline secret`: stores secrets of an account, lists their names, takes them away. Contract D3. */
export function secretCommand(): Command {
  return new Command('secret')
    .description('secrets that the store keeps for an account: set, list, delete')
    .addCommand(setCommand())
    .addCommand(listCommand())
    .addCommand(deleteCommand());
}

function setCommand(): Command {
  return withAccount(
    new Command('set')
      .description('store the value of a secret; it is read from stdin, without its last line break')
      .argument('<name>', "the secret's name under `secrets` of the account")
      .option('--file <file>', 'read the value from this file instead'),
  ).action(
    guarded(
      withApi(async (name: string, { file, ...options }: FlowsOptions & { file?: string }) => {
        const value =
          file === undefined ? await text(process.stdin) : Buffer.from(await bytesOf(file)).toString('utf8');
        const plain = value.replace(/\r?\n$/, '');
        if (plain === '') throw new HooklineError('NOTHING_NAMED', 'There is no value: pipe it in, or use --file.');
        await secretClient(options).setSecret(name, plain);
        print(`${name} is stored`);
        return 0;
      }),
    ),
  );
}

function listCommand(): Command {
  return withAccount(new Command('list').description('list stored secrets by name, without their values'))
    .option('--json', 'print JSON')
    .action(
      guarded(
        withApi(async ({ json, ...options }: FlowsOptions & { json?: boolean }) => {
          const found = await secretClient(options).secrets();
          if (json) printJson(found);
          else for (const { name, updatedAt } of found) print(`${name}  set ${updatedAt}`);
          return 0;
        }),
      ),
    );
}

function deleteCommand(): Command {
  return withAccount(
    new Command('delete').description('take a stored secret away').argument('<name>', 'its name, as `list` gives it'),
  ).action(
    guarded(
      withApi(async (name: string, options: FlowsOptions) => {
        await secretClient(options).deleteSecret(name);
        print(`${name} is deleted`);
        return 0;
      }),
    ),
  );
}
