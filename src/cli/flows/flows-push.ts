import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { createTwoFilesPatch } from 'diff';
import type { AccountClient } from '../../client/account-client.js';
import { HooklineApiError } from '../../client/api-request.js';
import { readDocumentBytes } from '../../flow/documents/read-document.js';
import { HooklineError, type Problem } from '../../flow/errors.js';
import { bytesOf } from '../documents.js';
import { accountClient, type FlowsOptions, withAccount, withApi } from './flows-where.js';
import { colour, guarded, print, printProblems, say } from '../output.js';

interface PushOptions extends FlowsOptions {
  publish?: boolean;
  yes?: boolean;
}

/** A flow document in a file. */
interface FlowFile {
  file: string;
  id: string;
  document: Record<string, unknown>;
}

/** A file that was meant as a flow, and has a fault in its text. */
interface FaultyFile {
  file: string;
  errors: Problem[];
}

/** `hookline flows push`: stores the flows of a folder in the account, as new versions where they differ. Contract C2. */
export function flowsPushCommand(): Command {
  return withAccount(
    new Command('push')
      .description('store each flow of a folder as a new version if it differs, and show the difference')
      .argument('<dir>', 'the folder; every JSON file below it with "hookline": 1 is a flow'),
  )
    .option('--publish', 'compare with the published versions, and publish the new ones')
    .option('--yes', 'do not ask before publishing')
    .action(guarded(withApi(push)));
}

async function push(folder: string, options: PushOptions): Promise<number> {
  const files = await flowsBelow(folder);
  if (files.length === 0) throw new HooklineError('FILE_UNREADABLE', `There is no flow document below ${folder}.`);
  const client = accountClient(options);
  const changed: { flow: FlowFile; version: number }[] = [];
  let refused = false;
  for (const flow of files) {
    if ('errors' in flow) {
      refuse(flow.file, flow.errors);
      refused = true;
      continue;
    }
    const before = await client.flowVersion(flow.id, options.publish ? 'published' : 'newest');
    const name = relative(folder, flow.file);
    if (before && same(before.document, flow.document)) {
      print(`${flow.id}  ${name}: as ${options.publish ? 'published' : 'kept'}, version ${before.version}`);
      continue;
    }
    print(patch(flow, name, before));
    const version = await keep(client, flow);
    if (version === undefined) refused = true;
    else {
      print(`${flow.id}  ${name}: kept as version ${version}`);
      changed.push({ flow, version });
    }
  }
  if (refused) return 2;
  if (!options.publish || changed.length === 0) return 0;
  if (!options.yes) await agreed(changed.length);
  for (const { flow, version } of changed) {
    await client.publishFlow(flow.id, version);
    print(`${flow.id}: version ${version} is published`);
  }
  return 0;
}

/** Stores one flow as a new version; undefined when it is not valid, after printing every error. */
async function keep(client: AccountClient, { document, file }: FlowFile): Promise<number | undefined> {
  try {
    const { version, warnings } = await client.saveFlow(document);
    printProblems([], warnings as Problem[], false);
    return version;
  } catch (error) {
    if (!(error instanceof HooklineApiError) || error.code !== 'INVALID_FLOW') throw error;
    refuse(file, [...error.errors] as Problem[]);
    return undefined;
  }
}

function refuse(file: string, errors: Problem[]): void {
  say(`${file} is not valid`);
  printProblems(errors, [], false);
}

async function agreed(count: number): Promise<void> {
  if (!process.stdin.isTTY)
    throw new HooklineError('NOT_AGREED', 'There is no terminal to ask on. Publish with --yes.');
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(`Publish ${count === 1 ? 'this flow' : `these ${count} flows`}? [y/N] `);
  asking.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new HooklineError('NOT_AGREED', 'Nothing was published.');
}

/** Every flow document below a folder, in the order of their paths. */
async function flowsBelow(folder: string): Promise<(FlowFile | FaultyFile)[]> {
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new HooklineError('FILE_UNREADABLE', `${folder} cannot be read (${error.code ?? error.name}).`);
  });
  const files = names.filter((name) => name.endsWith('.json') && !/(^|[/\\])node_modules[/\\]/.test(name)).sort();
  const read = await Promise.all(files.map((name) => flowIn(join(folder, name))));
  return read.filter((flow) => flow !== undefined);
}

/** The flow of a file, or what is wrong with its text; undefined when it holds something else. Contract D1. */
async function flowIn(file: string): Promise<FlowFile | FaultyFile | undefined> {
  const bytes = await bytesOf(file);
  const read = readDocumentBytes(bytes);
  if ('fault' in read) return isFlowText(bytes) ? { file, errors: [read.fault] } : undefined;
  const document = read.value as Record<string, unknown> | null;
  if (document?.hookline !== 1 || typeof document.id !== 'string') return undefined;
  return read.slips.length > 0 ? { file, errors: read.slips } : { file, id: document.id, document };
}

/** Whether a text that is no JSON was meant as a flow. */
function isFlowText(bytes: Uint8Array): boolean {
  return /"hookline"\s*:\s*1/.test(new TextDecoder().decode(bytes));
}

function same(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** How a flow differs from a version, line by line. */
function patch(
  { document }: FlowFile,
  name: string,
  before: { version: number; document: object } | undefined,
): string {
  const text = (value: object | undefined) => (value === undefined ? '' : `${JSON.stringify(value, null, 2)}\n`);
  const old = before ? `version ${before.version}` : 'nothing';
  const lines = createTwoFilesPatch(old, name, text(before?.document), text(document), '', '', { context: 2 }).split(
    '\n',
  );
  return lines.slice(1).map(painted).join('\n').trimEnd();
}

function painted(line: string): string {
  if (line.startsWith('+')) return colour('green', line);
  if (line.startsWith('-')) return colour('red', line);
  return line.startsWith('@@') ? colour('cyan', line) : line;
}
