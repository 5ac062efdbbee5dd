import { Command } from 'commander';
import { flowsPushCommand } from './flows-push.js';
import { accountClient, type FlowsOptions, withAccount, withApi } from './flows-where.js';
import { guarded, print, printJson } from '../output.js';

/** `hookline flows`: the flows that an account keeps on a running API. Contract C2. */
export function flowsCommand(): Command {
  return new Command('flows')
    .description('store flows in an account: push them from files, publish, roll back')
    .addCommand(flowsPushCommand())
    .addCommand(listCommand())
    .addCommand(publishCommand())
    .addCommand(rollbackCommand())
    .addHelpText(
      'after',
      `
The commands use the API at HOOKLINE_API_URL with the key HOOKLINE_API_KEY, or that of the stack that runs in this folder.`,
    );
}

function listCommand(): Command {
  return withAccount(new Command('list').description('list flows with their newest and published versions'))
    .option('--json', 'print JSON')
    .action(
      guarded(
        withApi(async (options: FlowsOptions & { json?: boolean }) => {
          const flows = await accountClient(options).flows();
          if (options.json) printJson(flows);
          else
            for (const { id, newest, published, name } of flows)
              print(
                `${id}  newest ${newest}  ${published === null ? 'not published' : `published ${published}`}  ${name}`,
              );
          return 0;
        }),
      ),
    );
}

function publishCommand(): Command {
  return withAccount(
    new Command('publish')
      .description('publish a version: calls that start from now on run it, and calls under way keep theirs')
      .argument('<flow>', 'id of the flow')
      .argument('[version]', 'which version; default: the newest'),
  ).action(
    guarded(
      withApi(async (flow: string, given: string | undefined, options: FlowsOptions) => {
        const client = accountClient(options);
        const version = given ?? String((await client.flowVersion(flow, 'newest'))?.version ?? 0);
        await client.publishFlow(flow, Number(version));
        print(`${flow}: version ${version} is published`);
        return 0;
      }),
    ),
  );
}

function rollbackCommand(): Command {
  return withAccount(
    new Command('rollback')
      .description('publish the version that was published before')
      .argument('<flow>', 'id of the flow'),
  ).action(
    guarded(
      withApi(async (flow: string, options: FlowsOptions) => {
        print(`${flow}: version ${await accountClient(options).rollbackFlow(flow)} is published again`);
        return 0;
      }),
    ),
  );
}
