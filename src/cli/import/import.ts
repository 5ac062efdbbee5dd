import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { HooklineError, type Problem } from '../../flow/errors.js';
import { structuralErrors } from '../../flow/validation/structure.js';
import { type Findings, validateAccount, validateFlow } from '../../flow/validation/validate.js';
import { readDocument } from '../documents.js';
import { guarded, print, printProblems } from '../output.js';
import { reportOf } from './findings.js';
import { type StudioDocument, studioDocument } from './studio-document.js';
import { importStudio } from './studio-flow.js';

interface Options {
  out?: string;
  name?: string;
  allowMissing?: boolean;
}

/** `hookline import`: flows of other products as documents of ours. */
export function importCommand(): Command {
  const studio = new Command('twilio-studio')
    .description('make a flow and an account of a Twilio Studio flow, with a report of what became of each part')
    .argument('<file>', 'the flow definition, JSON')
    .option('--out <folder>', 'where flow.json, account.json and import-report.md go; left out: the name of the file')
    .option('--name <name>', 'the name of the flow; left out: that of the file')
    .option('--allow-missing', 'write the documents although something is missing; each place says so in its `notes`')
    .action(guarded(importTwilio));
  return new Command('import').description('turn a flow of another product into documents').addCommand(studio);
}

async function importTwilio(file: string, options: Options): Promise<number> {
  const { value, errors } = await readDocument(file, read);
  if (!value) {
    printProblems(errors, [], false);
    return 2;
  }
  const name = options.name ?? basename(file).replace(/\.json$/i, '');
  const { flow, account, findings } = importStudio(value, name, options.allowMissing === true);
  const missing = findings.filter(({ kind }) => kind === 'missing');
  for (const { state, kind, message } of findings) print(`${kind.padEnd(7)} ${state}: ${message}`);
  if (missing.length > 0 && options.allowMissing !== true) {
    print(`Nothing was written: ${missing.length} parts are missing. --allow-missing writes the rest.`);
    return 2;
  }
  const problems = problemsOf(flow, account);
  if (problems.length > 0) {
    printProblems(problems, [], false);
    return 2;
  }
  const folder = options.out ?? name;
  const json = (document: object) => `${JSON.stringify(document, null, 2)}\n`;
  await write(folder, 'flow.json', json(flow));
  await write(folder, 'account.json', json(account));
  await write(folder, 'import-report.md', reportOf(name, findings));
  print(`Written: ${join(folder, 'flow.json')}, account.json and import-report.md.`);
  return 0;
}

function read(document: unknown): Findings<StudioDocument> {
  const errors = structuralErrors(studioDocument, document);
  return errors.length > 0 ? { errors, warnings: [] } : { errors, warnings: [], value: studioDocument.parse(document) };
}

/** What the documents that were made have against the rules, such as a URL that is none. */
function problemsOf(flow: object, account: object): Problem[] {
  const owner = validateAccount(account);
  return [...owner.errors, ...validateFlow(flow, owner.value).errors];
}

async function write(folder: string, file: string, text: string): Promise<void> {
  const path = join(folder, file);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new HooklineError('FILE_UNWRITABLE', `${path} cannot be written: ${why}`);
  }
}
