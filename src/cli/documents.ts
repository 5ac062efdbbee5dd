/**
 * Reads the documents of a command, and reports every fault of all of them at once. Contract D4, D5.
 * @module
 */
import { readFile } from 'node:fs/promises';
import type { Account } from '../flow/documents/account.js';
import type { Caller } from '../flow/documents/caller.js';
import type { Flow } from '../flow/documents/flow.js';
import { readDocumentBytes } from '../flow/documents/read-document.js';
import { HooklineError, type Problem } from '../flow/errors.js';
import { missingInputs } from '../flow/values/inputs.js';
import { unencryptedWarnings } from '../flow/validation/sensitive-places.js';
import { codecSettings } from '../temporal/codec/codec-settings.js';
import {
  DEFAULT_ACCOUNT,
  type Findings,
  validateAccount,
  validateCaller,
  validateFlow,
  validateFlowBeside,
  validateVariables,
  withSlips,
} from '../flow/validation/validate.js';

/** The files and values of a command line. */
export interface DocumentOptions {
  account?: string;
  caller?: string;
  set?: string[];
}

/** What a run needs, valid. */
export interface RunDocuments {
  flow: Flow;
  account: Account;
  caller: Caller;
  variables: Record<string, string>;
}

/** Problems found in all documents, and the documents when there is no error. */
export interface ReadDocuments {
  errors: Problem[];
  warnings: Problem[];
  documents?: RunDocuments;
}

/** Reads and validates everything that a run needs; without an account file it uses the default account. Contract D4. */
export async function readForRun(flowFile: string, options: DocumentOptions): Promise<ReadDocuments> {
  const account: Findings<Account> =
    options.account === undefined
      ? { errors: [], warnings: [], value: DEFAULT_ACCOUNT }
      : await readAccount(options.account);
  const flow = await readFlow(flowFile, account);
  const caller =
    options.caller === undefined
      ? validateCaller({})
      : await readDocument(options.caller, (document) => validateCaller(document, flow.value));
  const values = readValues(options.set ?? []);
  const missing = flow.value ? inDocument('--set', missingInputs(flow.value.inputs, values.variables)) : [];
  const errors = [
    ...flow.errors,
    ...inDocument('account', account.errors),
    ...inDocument('caller file', caller.errors),
    ...values.errors,
    ...missing,
  ];
  const warnings = [...flow.warnings, ...inDocument('account', account.warnings)];
  if (errors.length > 0 || !flow.value || !account.value || !caller.value) return { errors, warnings };
  return {
    errors,
    warnings,
    documents: { flow: flow.value, account: account.value, caller: caller.value, variables: values.variables },
  };
}

/** Reads and validates a flow, against an account when one is given. Contract D5, V6, V7. */
export async function readFlow(file: string, account?: Findings<Account>): Promise<Findings<Flow>> {
  const found = await readDocument(file, (document) =>
    account ? validateFlowBeside(document, account) : validateFlow(document),
  );
  if (codecSettings()?.encrypts) return found;
  return { ...found, warnings: [...found.warnings, ...unencryptedWarnings(found.value)] };
}

/** Reads and validates an account. Contract D3. */
export async function readAccount(file: string): Promise<Findings<Account>> {
  return readDocument(file, validateAccount);
}

/** Reads and validates a caller file. Contract D6. */
export async function readCaller(file: string): Promise<Findings<Caller>> {
  return readDocument(file, (document) => validateCaller(document));
}

/**
 * Reads a document of whatever kind: what is wrong with its text stands beside what is wrong with what it says. Contract D1, C4.
 * @throws {HooklineError} FILE_UNREADABLE
 */
export async function readDocument<T>(
  file: string,
  validate: (document: unknown) => Findings<T>,
): Promise<Findings<T>> {
  const read = readDocumentBytes(await bytesOf(file));
  if ('fault' in read) return { errors: [read.fault], warnings: [] };
  return withSlips(read.slips, validate(read.value));
}

/** The bytes of a file. @throws {HooklineError} FILE_UNREADABLE */
export async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new HooklineError(
      'FILE_UNREADABLE',
      `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
  }
}

/** Values given as `NAME=value`. Contract D4, V5. */
function readValues(given: string[]): { errors: Problem[]; variables: Record<string, string> } {
  const errors: Problem[] = [];
  const variables: Record<string, string> = {};
  for (const one of given) {
    const equals = one.indexOf('=');
    if (equals > 0) variables[one.slice(0, equals)] = one.slice(equals + 1);
    else
      errors.push({
        code: 'INVALID_VALUE',
        pointer: '',
        message: `--set ${one}: write '$flow.key.NAME=value', in single quotes to keep the shell from reading the dollar.`,
      });
  }
  return { errors: [...errors, ...inDocument('--set', validateVariables(variables))], variables };
}

/** Prefixes messages with the document that they are about; messages about the flow have no prefix. */
export function inDocument(name: string, problems: Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, message: `In the ${name}: ${problem.message}` }));
}
