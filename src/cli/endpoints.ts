import { Command, InvalidArgumentError } from 'commander';
import type { FailingEndpoint } from '../client/delivery-client.js';
import { accountId } from './account-id.js';
import { allEndpoints, deliveryClient, type FlowsOptions, withAccount, withApi } from './flows/flows-where.js';
import { guarded, print, printJson } from './output.js';

/** `hookline endpoints`: where flow ends fail to arrive, and what is paused. Contract E5. */
export function endpointsCommand(): Command {
  return new Command('endpoints')
    .description('endpoints that do not take flow ends: list them, end the pause of one')
    .addCommand(listCommand())
    .addCommand(resumeCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('list endpoints whose last flow end failed, and which are paused')
    .option('--account <id>', "only this account's; default: of all, with the operator's key", accountId)
    .option('--json', 'print JSON')
    .action(
      guarded(
        withApi(async ({ account, json }: { account?: number; json?: boolean }) => {
          const found = await (account === undefined ? allEndpoints() : deliveryClient({ account }).endpoints());
          if (json) printJson(found);
          else found.forEach((one) => print(line(one)));
          return 0;
        }),
      ),
    );
}

function resumeCommand(): Command {
  return withAccount(
    new Command('resume')
      .description('end a pause: what waits for the endpoint goes on, five a second')
      .argument('<endpoint>', 'its id, as `list` gives it', endpointId),
  ).action(
    guarded(
      withApi(async (id: number, options: FlowsOptions) => {
        const { url } = await deliveryClient(options).resumeEndpoint(id);
        print(`${id}: ${url} is tried again`);
        return 0;
      }),
    ),
  );
}

function line({ id, account, url, failures, failingSince, detail, pausedAt }: FailingEndpoint): string {
  const state = pausedAt === null ? 'failing' : `paused since ${pausedAt}`;
  return `${id}  account ${account}  ${state}  ${url}  ${failures} failures since ${failingSince}, last: ${detail}`;
}

function endpointId(text: string): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id) || id < 1) throw new InvalidArgumentError('An endpoint id is a positive whole number.');
  return id;
}
