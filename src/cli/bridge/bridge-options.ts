/**
 * Reads the options of `hookline bridge check`, and reports every fault at once.
 * @module
 */
import type { Problem } from '../../flow/errors.js';
import { suggestion } from '../../flow/validation/nearest.js';
import { structuralErrors } from '../../flow/validation/structure.js';
import { FAR_ENDS, numbersFile, type Numbers, SIMULATED_NUMBERS } from '../../telephony/check/far-ends.js';
import { RULE_IDS } from '../../telephony/check/rules/index.js';
import { readWhere, type Where, type WhereArguments } from './bridge-where.js';
import { inDocument, readDocument } from '../documents.js';

/** The options as given on the command line. */
export interface CheckArguments extends WhereArguments {
  numbers?: string;
  number: string[];
  only?: string;
}

/** The faults, and the options when there are none. */
export interface ReadCheckOptions {
  problems: Problem[];
  valid?: { where: Where; numbers: Numbers; only: string[] | undefined };
}

/** Reads the options, the numbers file and the secret of the environment. */
export async function readCheckOptions(given: CheckArguments): Promise<ReadCheckOptions> {
  const { numbers, number, only } = given;
  const { where, problems: lost } = readWhere(given, process.env);
  const called = await readNumbers(numbers, number);
  const rules = only?.split(',').map((id) => id.trim());
  const unknown = (rules ?? []).filter((id) => !RULE_IDS.includes(id));
  const problems = [
    ...lost,
    ...called.problems,
    ...unknown.map((id) => invalid(`--only: there is no rule "${id}".${suggestion(id, RULE_IDS)}`)),
  ];
  if (problems.length > 0 || !where || !called.value) return { problems };
  return { problems, valid: { where, numbers: called.value, only: rules } };
}

async function readNumbers(
  file: string | undefined,
  given: string[],
): Promise<{ problems: Problem[]; value?: Numbers }> {
  if (file === undefined && given.length === 0) return { problems: [], value: SIMULATED_NUMBERS };
  const read = file === undefined ? { errors: [], value: {} } : await readDocument(file, shaped);
  const problems = inDocument('numbers file', read.errors);
  const single: Record<string, string> = {};
  const names = ['from', ...Object.keys(FAR_ENDS)];
  for (const one of given) {
    const [, name = '', value = ''] = /^([^=]*)=(.+)$/.exec(one) ?? [];
    if (names.includes(name)) single[name] = value;
    else problems.push(invalid(`--number ${one}: write NAME=number, NAME one of ${names.join(', ')}.`));
  }
  if (problems.length > 0) return { problems };
  const value = numbersFile.safeParse({ ...read.value, ...single });
  return value.success
    ? { problems, value: value.data }
    : { problems: structuralErrors(numbersFile, { ...read.value, ...single }) };
}

function shaped(document: unknown) {
  const errors = structuralErrors(numbersFile, document);
  return { errors, warnings: [], value: errors.length === 0 ? (document as object) : {} };
}

function invalid(message: string): Problem {
  return { code: 'INVALID_VALUE', pointer: '', message };
}
