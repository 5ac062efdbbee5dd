import { Command, InvalidArgumentError, Option } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import type { DeliveryClient, DeliveryFilter } from '../client/delivery-client.js';
import { HooklineError } from '../flow/errors.js';
import { deliveryClient, type FlowsOptions, withAccount, withApi } from './flows/flows-where.js';
import { guarded, print, printJson } from './output.js';

interface ListOptions extends FlowsOptions, DeliveryFilter {
  json?: boolean;
}

interface ReplayOptions extends FlowsOptions {
  target?: string;
  since?: string;
  all?: boolean;
  rate: number;
}

/** Seconds of sending that one request to the API covers. */
const BATCH_SECONDS = 4;

/** `hookline deliveries`: lists flow ends that left their calls, shows attempts, sends dead letters again. Contract E5. */
export function deliveriesCommand(): Command {
  return new Command('deliveries')
    .description('flow ends that were not delivered within their calls: list, show attempts, send dead letters again')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(replayCommand());
}

function listCommand(): Command {
  return withFilter(
    withAccount(
      new Command('list').description('list flow ends that were not delivered within their calls, newest first'),
    ),
  )
    .addOption(new Option('--state <state>', 'only deliveries in this state').choices(['pending', 'delivered', 'dead']))
    .option('--json', 'print JSON')
    .action(
      guarded(
        withApi(async ({ json, state, target, since, ...options }: ListOptions) => {
          const found = await deliveryClient(options).deliveries({ state, target, since });
          if (json) printJson(found);
          else
            for (const { id, ...one } of found)
              print(`${id}  ${one.state}  ${one.createdAt}  ${one.attempts} attempts, last: ${one.detail}`);
          return 0;
        }),
      ),
    );
}

function showCommand(): Command {
  return withAccount(
    new Command('show')
      .description('show every attempt to deliver the flow end of a call')
      .argument('<call>', "the call's workflow id, or the webhook-id"),
  )
    .option('--json', 'print JSON')
    .action(
      guarded(
        withApi(async (given: string, { json, ...options }: FlowsOptions & { json?: boolean }) => {
          const { call, delivery, attempts } = await deliveryClient(options).delivery(given.replace(/\/flow-end$/, ''));
          if (json) printJson({ call, delivery, attempts });
          else {
            print(
              delivery ? `${delivery.id}  ${delivery.state}  ${delivery.url ?? ''}` : `${call}  did not leave the call`,
            );
            for (const { by, at, detail, durationMs, answer } of attempts)
              print(
                `  ${at}  ${by}  ${durationMs} ms  ${detail}${answer === null ? '' : `  ${JSON.stringify(answer)}`}`,
              );
          }
          return 0;
        }),
      ),
    );
}

function replayCommand(): Command {
  return withFilter(
    withAccount(
      new Command('replay')
        .description('send dead letters again, under their own ids: one, all that match a filter, or all')
        .argument('[id]', 'the webhook-id of one dead letter'),
    ),
  )
    .option('--all', 'all dead letters of the account')
    .option('--rate <number>', 'first attempts in a second, 1 to 50', rate, 5)
    .action(
      guarded(
        withApi(async (id: string | undefined, options: ReplayOptions) => {
          const { target, since, all } = options;
          const named = [id, all, target ?? since].filter((one) => one !== undefined);
          if (named.length !== 1)
            throw new HooklineError('NOTHING_NAMED', 'Name one delivery, or --target, --since or both, or --all.');
          const client = deliveryClient(options);
          const sent = id === undefined ? await replayAll(client, options) : (await client.replay({ id })).length;
          print(sent === 1 ? '1 dead letter is sent again' : `${sent} dead letters are sent again`);
          return 0;
        }),
      ),
    );
}

/** Sends batch by batch: the rate holds, and an interruption leaves the remaining dead letters unchanged. */
async function replayAll(client: DeliveryClient, { target, since, rate: perSecond }: ReplayOptions): Promise<number> {
  const limit = perSecond * BATCH_SECONDS;
  for (let sent = 0; ;) {
    const { length } = await client.replay({ target, since }, { limit, perSecond });
    sent += length;
    if (length < limit) return sent;
    await pause(BATCH_SECONDS * 1000);
  }
}

function withFilter(command: Command): Command {
  return command
    .option('--target <url>', 'only deliveries to this origin, or to URLs that begin with this text')
    .option('--since <time>', 'only deliveries that left their calls at this time or later (ISO 8601)', time);
}

function time(text: string): string {
  const read = new Date(text);
  if (Number.isNaN(read.getTime())) throw new InvalidArgumentError('Write a time as 2026-01-31T12:00:00Z.');
  return read.toISOString();
}

function rate(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 50) throw new InvalidArgumentError('A rate is 1 to 50.');
  return number;
}
