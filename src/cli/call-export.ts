import { Command } from 'commander';
import { callWorkflowId } from '../calls/call-id.js';
import { asTest } from '../recorded/as-test.js';
import { recordOf } from '../recorded/record.js';
import { knownServer } from '../stack/home.js';
import { connectClient } from '../temporal/connect.js';
import { accountId } from './account-id.js';
import { guarded, print, printProblems, say, writeResult } from './output.js';

interface Options {
  account?: number;
  bridge?: string;
  asTest?: boolean;
  out?: string;
}

/** `hookline call export`: a recorded call as a document, or as a test of its flow. */
export function callExportCommand(): Command {
  return new Command('export')
    .description('write the record of a call that has ended, for `hookline replay` or as a test')
    .argument('<id>', "the call's workflow id; with --account and --bridge, the bridge's own id of the call")
    .option('--account <id>', "id of the account, when <id> is the bridge's own", accountId)
    .option('--bridge <id>', "id of the bridge, when <id> is the bridge's own")
    .option('--as-test', 'write a test file for `hookline test`: the caller, the answers and the outcome')
    .option('--out <file>', 'write to a file instead of stdout')
    .addHelpText(
      'after',
      `
The command reads from the server at TEMPORAL_ADDRESS, or that of the stack that runs in this folder, or 127.0.0.1:7233.
Encrypted histories need the keys of HOOKLINE_CODEC_KEYS. The output contains callers' data.`,
    )
    .action(guarded(exportCall));
}

async function exportCall(id: string, options: Options): Promise<number> {
  const { account, bridge, out } = options;
  if ((account === undefined) !== (bridge === undefined)) {
    const message = "--account and --bridge go together: with both, <id> is the bridge's own id of the call.";
    printProblems([{ code: 'INVALID_VALUE', pointer: '', message }], [], false);
    return 2;
  }
  const workflowId = account === undefined || bridge === undefined ? id : callWorkflowId(account, bridge, id);
  const { address, namespace } = knownServer();
  const { connection, client } = await connectClient(address, namespace);
  try {
    const call = await recordOf(client, workflowId, true);
    for (const { message } of call.doubts) say(message);
    const text = JSON.stringify(options.asTest ? asTest(call) : call, null, 2);
    if (out === undefined) print(text);
    // Callers' data: only the user who asked may read the file.
    else await writeResult(out, `${text}\n`, 0o600);
    return 0;
  } finally {
    await connection.close();
  }
}
