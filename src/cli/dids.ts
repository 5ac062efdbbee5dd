import { Command, InvalidArgumentError } from 'commander';
import type { Did } from '../client/did-client.js';
import { accountId } from './account-id.js';
import { didClient, type FlowsOptions, withAccount, withApi } from './flows/flows-where.js';
import { guarded, print, printJson } from './output.js';

/** `hookline dids`: gives numbers that callers dial to flows, lists them, takes them away. Contract B1. */
export function didsCommand(): Command {
  return new Command('dids')
    .description('numbers that callers dial, and the flows that they begin: set, list, delete')
    .addCommand(setCommand())
    .addCommand(listCommand())
    .addCommand(deleteCommand());
}

function setCommand(): Command {
  return withAccount(
    new Command('set')
      .description("give a number to an inbound flow, in place of the one before; with the operator's key")
      .argument('<number>', 'as the trunk sends it, with or without "+"')
      .requiredOption('--flow <id>', 'id of the flow; calls run its published version'),
  ).action(
    guarded(
      withApi(async (number: string, { account, flow }: FlowsOptions & { flow: string }) => {
        print(line(await didClient().setDid(number, { account, flow })));
        return 0;
      }),
    ),
  );
}

function listCommand(): Command {
  return new Command('list')
    .description("list numbers with their accounts and flows; with the operator's key")
    .option('--account <id>', 'only numbers of this account', accountId)
    .option('--json', 'print JSON')
    .action(
      guarded(
        withApi(async ({ account, json }: { account?: number; json?: boolean }) => {
          const found = await didClient().dids({ account });
          if (json) printJson(found);
          else for (const did of found) print(line(did));
          return 0;
        }),
      ),
    );
}

function deleteCommand(): Command {
  return new Command('delete')
    .description("take a number away: calls to it are refused; with the operator's key")
    .argument('<id>', 'its id, as `list` gives it', didId)
    .action(
      guarded(
        withApi(async (id: number) => {
          await didClient().deleteDid(id);
          print(`${id} is deleted`);
          return 0;
        }),
      ),
    );
}

function line({ id, number, account, flow }: Did): string {
  return `${id}  ${number}  account ${account}  flow ${flow}`;
}

function didId(text: string): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id) || id < 1) throw new InvalidArgumentError('The id of a number is a whole number.');
  return id;
}
