/**
 * Reads the recorded calls for a replay, and the flow and account of each.
 * @module
 */
import { readFile } from 'node:fs/promises';
import type { Account } from '../../flow/documents/account.js';
import { HooklineError, type Problem } from '../../flow/errors.js';
import { recordedCall, type RecordedCall } from '../../flow/documents/recorded-call.js';
import { structuralErrors } from '../../flow/validation/structure.js';
import { validateFlow } from '../../flow/validation/validate.js';
import type { Replay } from '../../recorded/replay/replay-calls.js';
import { inDocument, readAccount, readDocument } from '../documents.js';
import { parseJson } from '../json-file.js';

/** Recorded calls, or what is wrong with them. */
export interface ReadCalls {
  errors: Problem[];
  calls: RecordedCall[];
}

/** Reads a file of recorded calls: one, a list of them, or one a line. @throws {HooklineError} FILE_UNREADABLE */
export async function readCalls(file: string): Promise<ReadCalls> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new HooklineError('FILE_UNREADABLE', `${file} cannot be read: ${error.code ?? String(error)}`);
  });
  const parsed = parseCalls(text);
  if ('problem' in parsed) return { errors: inDocument('calls', [parsed.problem]), calls: [] };
  const list = Array.isArray(parsed.value) ? (parsed.value as unknown[]) : [parsed.value];
  const errors = list.flatMap((one, index) =>
    structuralErrors(recordedCall, one).map((problem) => ({
      ...problem,
      pointer: Array.isArray(parsed.value) ? `/${index}${problem.pointer}` : problem.pointer,
    })),
  );
  if (errors.length > 0) return { errors: inDocument('calls', errors), calls: [] };
  // A call that the file has twice counts once.
  const calls = new Map(list.map((one) => recordedCall.parse(one)).map((call) => [call.call, call]));
  return { errors, calls: [...calls.values()] };
}

function parseCalls(text: string): ReturnType<typeof parseJson> {
  const whole = parseJson(text);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if ('value' in whole || lines.length < 2) return whole;
  const each = lines.map(parseJson);
  return each.every((line) => 'value' in line) ? { value: each.map(({ value }) => value) } : whole;
}

/** Reads the flow, and checks it against the account given, or against that of each call. */
export async function readReplays(
  flowFile: string,
  calls: readonly RecordedCall[],
  accountFile: string | undefined,
): Promise<{ errors: Problem[]; replays: Replay[] }> {
  const given = accountFile === undefined ? undefined : await readAccount(accountFile);
  if (given && !given.value) return { errors: inDocument('account', given.errors), replays: [] };
  const document = await readDocument(flowFile, (value) => ({ errors: [], warnings: [], value }));
  if (document.errors.length > 0) return { errors: document.errors, replays: [] };
  const checked = new Map<string, ReturnType<typeof validateFlow>>();
  const check = (account: Account) => {
    const key = JSON.stringify(account);
    const known = checked.get(key) ?? validateFlow(document.value, account);
    checked.set(key, known);
    return known;
  };
  if (calls.length === 0) return { errors: validateFlow(document.value, given?.value).errors, replays: [] };
  const replays = calls.flatMap((record): Replay[] => {
    const account = given?.value ?? record.account;
    const flow = check(account).value;
    return flow ? [{ record, flow, account }] : [];
  });
  const errors = [...checked.values()].flatMap((found) => found.errors);
  return { errors: [...new Map(errors.map((one) => [JSON.stringify(one), one])).values()], replays };
}
