import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { Sender } from '../http/send.js';
import { describeRequest, buildRequest } from '../http/request.js';
import { WebhookFailure } from '../http/reasons.js';
import { SecretReader, type SecretSource } from '../http/secret-reader.js';
import { runWebhook } from '../http/run-request.js';
import { maskedOutcome } from '../engine/masked-outcome.js';
import type { RequestOutcome, WebhookTask } from '../engine/webhook-task.js';
import { HooklineError } from '../flow/errors.js';
import { type AnswerRow, pathsOf, rowsIn, rowsOf } from '../flow/values/response-rows.js';
import { sensitiveNames } from '../flow/validation/sensitive-places.js';
import { arrayLeftovers, arrayOf } from '../flow/values/array-leftovers.js';
import { MASK, maskedValues } from '../flow/values/mask.js';
import { momentOf } from '../engine/call-clock.js';
import { zoneOffsets } from '../flow/time/zone-offsets.js';
import { accountValue, type Moment, textsBelow, variablesIn } from '../flow/values/reference.js';
import { resultAssignments } from '../flow/values/webhook-result.js';
import { workerSettings } from '../temporal/worker-settings.js';
import { type DocumentOptions, type RunDocuments, readForRun } from './documents.js';
import { colour, guarded, print, printJson, printProblems } from './output.js';

interface Options extends DocumentOptions {
  json?: boolean;
}

/** `hookline webhook test`: sends the request of one widget without a call. Contract W, R. */
export function webhookCommand(): Command {
  const test = new Command('test')
    .description('send the request of one webhook widget, without a call, and show the outcome')
    .argument('<flow.json>', 'the flow document')
    .argument('<widget>', 'the key of the webhook widget')
    .option('--account <account.json>', 'the account that owns the flow')
    .option(
      '--set <NAME=value>',
      "set a variable, as '$flow.key.order=1001'; repeatable",
      (value, before: string[]) => [...before, value],
      [],
    )
    .option('--json', 'print request and outcome as one JSON document on stdout')
    .action(guarded(testWebhook, (_file, _widget, options) => options.json === true));
  return new Command('webhook').description('try a webhook widget without a call').addCommand(test);
}

async function testWebhook(file: string, key: string, options: Options): Promise<number> {
  const { errors, warnings, documents } = await readForRun(file, options);
  if (!documents) {
    printProblems(errors, warnings, options.json === true);
    return 2;
  }
  const task = taskOf(documents, key);
  const rows = rowsOf(task.response);
  // The documents are of this machine's disk: what they name is read as their owner could read it.
  const secrets = new SecretReader({ places: 'anywhere' });
  const { accountTargetLists, proxy } = workerSettings(process.env);
  const sender = new Sender({ accountTargetLists, secrets, proxy });
  const masking: SecretSource = { read: (...secret) => secrets.read(...secret).then(() => MASK) };
  const request = await buildRequest(asShown(task), undefined, masking).then(describeRequest, (error: unknown) => {
    if (error instanceof WebhookFailure) return null;
    throw error;
  });
  if (!options.json && request) printRequest(request);
  const progress = { attempt: 1, sent: 0 };
  const answered = await runWebhook(task, sender, {
    remaining: task.timeout,
    progress,
    signal: new AbortController().signal,
  });
  await sender.close();
  const outcome = maskedOutcome(answered, rows, (task.sensitive?.length ?? 0) > 0);
  if (options.json) printJson({ request, outcome });
  else printOutcome(task, outcome);
  return 0;
}

/**
 * The task that the engine would build from the widget in a call. Its key is new each time: a target that knew it would answer as it did
 * the time before.
 */
function taskOf({ flow, account, variables }: RunDocuments, key: string): WebhookTask {
  const widget = flow.widgets[key];
  if (widget?.type !== 'webhook') {
    const known = Object.entries(flow.widgets).flatMap(([name, one]) => (one.type === 'webhook' ? [name] : []));
    throw new HooklineError(
      'NOT_A_WEBHOOK',
      `This flow has no webhook widget "${key}". It has: ${known.join(', ') || 'none'}.`,
    );
  }
  const { request, response, retry, wait } = widget;
  const { httpEnabled, targetAllowList, secrets } = account;
  const paths = rowsOf(response)
    .flatMap(pathsOf)
    .map(({ path }) => path);
  const used = new Set([...textsBelow([request, paths])].flatMap(variablesIn));
  const sensitive = sensitiveNames(flow).filter((name) => used.has(name));
  return {
    ...{ request, response, retry, timeout: wait.timeout, waited: true },
    variables: { ...variables, ...readOnlyValues(used, account) },
    ...(sensitive.length > 0 && { sensitive }),
    idempotencyKey: `test/${key}/${randomUUID()}`,
    rules: { accountId: account.id, httpEnabled, targetAllowList, secrets },
  };
}

/** What `$account` and `$sys` are at this moment, of the variables that are used. Contract V1. */
function readOnlyValues(
  used: ReadonlySet<string>,
  { timeZone, values }: RunDocuments['account'],
): Record<string, string> {
  const now = Date.now();
  const clock = { offsets: zoneOffsets(timeZone, now) };
  const known = [...used].flatMap((name) => {
    if (name.startsWith('$sys.')) return [[name, momentOf(clock, now, name.slice('$sys.'.length) as Moment)] as const];
    const value = name.startsWith('$account.') ? accountValue(values, name) : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(known);
}

/** The task as its request is shown: without values of secrets, and of what is sensitive. Contract W3, W4, V7. */
function asShown(task: WebhookTask): WebhookTask {
  const { auth } = task.request;
  const shown = auth.type === 'apiKey' ? { ...auth, value: MASK } : auth;
  return {
    ...task,
    request: { ...task.request, auth: shown },
    variables: maskedValues(task.variables, task.sensitive),
  };
}

function printRequest(request: ReturnType<typeof describeRequest>): void {
  print(`${colour('bold', request.method)} ${request.url}`);
  for (const [name, value] of request.headers) print(colour('dim', `  ${name}: ${value}`));
  if (request.body) print(`  ${request.body}`);
  print();
}

function printOutcome(task: WebhookTask, outcome: RequestOutcome): void {
  const good = outcome.line === 'success';
  print(
    `${colour(good ? 'green' : 'red', `line ${good ? 0 : 1} (${outcome.line})`)}  ${outcome.statusCode ?? 'no answer'} in ${outcome.duration} s, ${outcome.attempts} sent`,
  );
  if (outcome.detail) print(`  ${outcome.reason}: ${outcome.detail}`);
  for (const { at, expected } of outcome.mismatches ?? [])
    print(colour('red', `  breaks its contract at ${at || 'its root'}: ${expected} expected`));
  if (outcome.raw !== undefined) print(colour('dim', `  ${outcome.raw.slice(0, 1000)}`));
  const left = arrayLeftovers(outcome.savedIn ?? [], outcome.rows, Object.keys(task.variables));
  const { onFailure } = task.response;
  for (const row of rowsIn(outcome.line === 'failure' && onFailure ? onFailure : task.response)) {
    const base = row.saveIn;
    const written = outcome.rows.filter(([name, value]) => name === base || (value !== null && arrayOf(name) === base));
    const cleared = left.filter(([name]) => name.startsWith(`${base}_`));
    const shown = [...written, ...cleared].map(([name, value]) => `${name} = ${value ?? '(cleared)'}`);
    print(`  ${sourceOf(row)}${row.mandatory ? ' (mandatory)' : ''} -> ${shown.join(', ') || `${base} is unchanged`}`);
  }
  print();
  for (const [name, value] of resultAssignments(outcome)) {
    if (value !== null && name !== '$flow.key.response_raw') print(`  ${name} = ${value}`);
  }
}

/** Where a row takes its values from. */
function sourceOf({ path, parse, then, each, header }: AnswerRow): string {
  if (each !== undefined) return `each ${each}`;
  if (header !== undefined) return `header ${header}`;
  return then === undefined ? `${path}` : `${path} as ${parse}: ${then}`;
}
