/**
 * Reads the recorded calls for a replay, and the flow and account of each.
 * @module
 */
import type { Account } from '../../flow/documents/account.js';
import { type ReadDocument, readDocumentBytes, readDocumentText } from '../../flow/documents/read-document.js';
import type { Problem } from '../../flow/errors.js';
import { recordedCall, type RecordedCall } from '../../flow/documents/recorded-call.js';
import { under } from '../../flow/validation/pointer.js';
import { structuralErrors } from '../../flow/validation/structure.js';
import { validateFlow } from '../../flow/validation/validate.js';
import type { Replay } from '../../recorded/replay/replay-calls.js';
import { bytesOf, inDocument, readAccount, readDocument } from '../documents.js';

/** Recorded calls, or what is wrong with them. */
export interface ReadCalls {
  errors: Problem[];
  calls: RecordedCall[];
}

/** Reads a file of recorded calls: one, a list of them, or one a line. @throws {HooklineError} FILE_UNREADABLE */
export async function readCalls(file: string): Promise<ReadCalls> {
  const read = parseCalls(await bytesOf(file));
  if ('fault' in read) return { errors: inDocument('calls', [read.fault]), calls: [] };
  const list = Array.isArray(read.value) ? (read.value as unknown[]) : [read.value];
  const faults = list.flatMap((one, index) =>
    under(Array.isArray(read.value) ? [index] : [], structuralErrors(recordedCall, one)),
  );
  const errors = [...read.slips, ...faults];
  if (errors.length > 0) return { errors: inDocument('calls', errors), calls: [] };
  // A call that the file has twice counts once.
  const calls = new Map(list.map((one) => recordedCall.parse(one)).map((call) => [call.call, call]));
  return { errors, calls: [...calls.values()] };
}

/** One JSON document, or one a line where the first line is one. */
function parseCalls(bytes: Uint8Array): ReadDocument {
  const whole = readDocumentBytes(bytes);
  if ('value' in whole || whole.fault.code === 'INVALID_ENCODING') return whole;
  const lines = new TextDecoder().decode(bytes).split('\n');
  const filled = lines.flatMap((line, index) => (line.trim() === '' ? [] : [[line, index] as const]));
  // As many line ends before it as in the file, for the place of a fault.
  const each = filled.map(([line, index]) => readDocumentText('\n'.repeat(index) + line));
  const [first] = each;
  if (each.length < 2 || !first || 'fault' in first) return whole;
  const values: unknown[] = [];
  const slips: Problem[] = [];
  for (const [index, line] of each.entries()) {
    if ('fault' in line) return line;
    values.push(line.value);
    slips.push(...under([index], line.slips));
  }
  return { value: values, slips };
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
