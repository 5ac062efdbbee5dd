import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { HooklineError } from '../flow/errors.js';
import { initFiles } from './init-files.js';
import { guarded, print, printProblems } from './output.js';

/** A name that is a folder of its own, and of which an id can be made. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** `hookline init`: makes a folder with a flow, an account, tests and schemas. */
export function initCommand(): Command {
  return new Command('init')
    .description('make a folder with a flow, an account, tests, schemas for editors and a README')
    .argument('<name>', 'the folder, which must be empty or not be there')
    .action(guarded(init));
}

async function init(name: string): Promise<number> {
  if (!NAME.test(name)) {
    const message = `"${name}" is no name of a folder here: letters, digits, ".", "_" and "-", at most 64, a letter or digit first.`;
    printProblems([{ code: 'INVALID_VALUE', pointer: '', message }], [], false);
    return 2;
  }
  const there = await readdir(name).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : null));
  if (there === null || there.length > 0)
    throw new HooklineError('FILE_UNWRITABLE', `${name} is there and not an empty folder: nothing was written.`);
  for (const [path, text] of Object.entries(initFiles(name))) await write(join(name, path), text);
  print(`${name} is made. Next: cd ${name}, then: hookline test .`);
  return 0;
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new HooklineError('FILE_UNWRITABLE', `${path} cannot be written: ${why}`);
  }
}
