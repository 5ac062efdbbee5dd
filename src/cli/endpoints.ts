import { Command, InvalidArgumentError } from 'commander';
import type { FailingEndpoint } from '../client/delivery-client.js';
import { accountId } from './account-id.js';
import { allEndpoints, deliveryClient, type FlowsOptions, withAccount, withApi } from './flows/flows-where.js';
import { guarded, print, printJson } from './output.js';

/** `hookline endpoints`: lists endpoints that fail to take flow ends, and resumes paused ones. Contract E5. */
export function endpointsCommand(): Command {
  return new Command('endpoints')
    .description('endpoints that fail to take flow ends: list them, resume one')
    .addCommand(listCommand())
    .addCommand(resumeCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('list endpoints whose last flow end failed, and which are paused')
    .option(
      '--account <id>',
      "only endpoints of this account; default: of all accounts, with the operator's key",
      accountId,
    )
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
      .description('resume a paused endpoint: waiting flow ends are delivered, five a second')
      .argument('<endpoint>', 'its id, as `list` gives it', endpointId),
  ).action(
    guarded(
      withApi(async (id: number, options: FlowsOptions) => {
        const { url } = await deliveryClient(options).resumeEndpoint(id);
        print(`${id}: ${url} is resumed`);
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
