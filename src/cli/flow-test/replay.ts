import { Command } from 'commander';
import { HooklineError, type Problem } from '../../flow/errors.js';
import type { RecordedCall } from '../../flow/documents/recorded-call.js';
import { lastCalls, MOST_CALLS } from '../../recorded/last-calls.js';
import { recordOf } from '../../recorded/record.js';
import { type Replayed, replayCalls } from '../../recorded/replay/replay-calls.js';
import { knownServer } from '../../stack/home.js';
import { connectClient } from '../../temporal/connect.js';
import { quietRuntime } from '../../temporal/runtime.js';
import { readAccount, readFlow } from '../documents.js';
import { colour, guarded, print, printJson, printProblems, say } from '../output.js';
import { readCalls, type ReadCalls, readReplays } from './replay-documents.js';

interface Options {
  calls?: string;
  last?: string;
  account?: string;
  json?: boolean;
}

/** `hookline replay`: what a changed flow would have done with calls that were recorded. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('run a changed flow against recorded calls, without network, and report where paths differ')
    .argument('<flow.json>', 'the flow document')
    .option(
      '--calls <file>',
      'recorded calls: one document, a list, or one a line, as `hookline call export` writes them; required without --last',
    )
    .option(
      '--last <n>',
      `the last n calls of this flow that ended (1 to ${MOST_CALLS}), from Temporal; required without --calls`,
    )
    .option('--account <account.json>', "use this account instead of each call's own; with --last, only its calls")
    .option('--json', 'print the result as one JSON document on stdout')
    .addHelpText(
      'after',
      `
Exit codes: 0 no path differs, 1 a path differs, 2 a document or an option is not valid. When the record does not say how a
call continues, its result is "unknown" from that step, which does not change the exit code.`,
    )
    .action(guarded(replay, (_file, options) => options.json === true));
}

async function replay(file: string, options: Options): Promise<number> {
  const json = options.json === true;
  const refuse = (errors: Problem[]) => {
    printProblems(errors, [], json);
    return 2;
  };
  const fault = faultOf(options);
  if (fault !== undefined) return refuse([{ code: 'INVALID_VALUE', pointer: '', message: fault }]);
  const found = options.calls === undefined ? await findCalls(file, options) : await readCalls(options.calls);
  if (found.errors.length > 0) return refuse(found.errors);
  const { errors, replays } = await readReplays(file, found.calls, options.account);
  if (errors.length > 0) return refuse(errors);
  quietRuntime();
  const onResult = json ? () => undefined : printResult;
  const results =
    replays.length === 0 ? [] : await replayCalls(replays, { say: json ? () => undefined : say, onResult });
  const count = (verdict: Replayed['verdict']) => results.filter((one) => one.verdict === verdict).length;
  const [same, differ, unknown] = [count('same'), count('differs'), count('unknown')];
  if (json) printJson({ same, differ, unknown, calls: results });
  else print(colour(differ > 0 ? 'red' : 'green', `${same} the same, ${differ} differ, ${unknown} unknown`));
  return differ > 0 ? 1 : 0;
}

function faultOf({ calls, last }: Options): string | undefined {
  if ((calls === undefined) === (last === undefined)) return '--calls or --last: give exactly one of them.';
  const count = Number(last ?? 1);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_CALLS) return undefined;
  return `--last: the value is 1 to ${MOST_CALLS}.`;
}

/** The last calls of the flow; a call that left no record is reported on stderr and skipped. */
async function findCalls(file: string, { account: accountFile, last }: Options): Promise<ReadCalls> {
  const account = accountFile === undefined ? undefined : await readAccount(accountFile);
  const flow = await readFlow(file, account);
  if (!flow.value) return { errors: flow.errors, calls: [] };
  const { address, namespace } = knownServer();
  const { connection, client } = await connectClient(address, namespace);
  try {
    const wanted = { flow: flow.value.id, account: account?.value?.id, count: Number(last) };
    const calls: RecordedCall[] = [];
    for (const id of await lastCalls(client, wanted)) {
      const record = await recordOf(client, id, false).catch((error: unknown) => {
        if (!(error instanceof HooklineError) || error.code !== 'NO_RECORD') throw error;
        say(`skipped: ${error.message}`);
      });
      if (record) calls.push(record);
    }
    return { errors: [], calls };
  } finally {
    await connection.close();
  }
}

function printResult({ call, verdict, step, recorded, now, why }: Replayed): void {
  const place = step === null ? '' : `step ${step}: `;
  if (verdict === 'same') print(`${colour('green', '=')} ${call}  the same path`);
  else if (verdict === 'differs')
    print(`${colour('red', '≠')} ${call}  ${place}recorded ${recorded ?? '(the end)'}, now ${now ?? '(the end)'}`);
  else print(`${colour('yellow', '?')} ${call}  ${place}${recorded ?? ''}  unknown: ${why ?? ''}`);
}
