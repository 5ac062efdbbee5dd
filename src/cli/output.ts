/**
 * How commands print: results to stdout, everything else to stderr, colour only on a terminal.
 * @module
 */
import { open } from 'node:fs/promises';
import { HooklineError, type Problem } from '../flow/errors.js';
import { plainLine } from '../observability/plain-line.js';

const CODES = { red: 31, green: 32, yellow: 33, cyan: 36, dim: 2, bold: 1 } as const;

/** Colours a text when the stream is a terminal and `NO_COLOR` is not set. */
export function colour(name: keyof typeof CODES, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  const wanted = stream.isTTY && !process.env.NO_COLOR;
  return wanted ? `\x1b[${CODES[name]}m${text}\x1b[0m` : text;
}

/**
 * What moves the cursor of a terminal, begins a line for some readers, or turns the direction of writing; beside it the colours
 * that {@link colour} gives.
 */
const MOVES =
  /(\x1b\[(?:0|1|2|31|32|33|36)m)|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text with such characters by their number, as JSON writes them: answers of targets and words of callers hold any. */
function still(text: string): string {
  return text.replace(
    MOVES,
    (character, ours?: string) => ours ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Prints a line on stderr: progress, hints. */
export function say(line: string): void {
  process.stderr.write(`${colour('dim', still(`hookline: ${line}`), process.stderr)}\n`);
}

/** Prints lines on stdout. */
export function print(lines = ''): void {
  process.stdout.write(`${still(lines)}\n`);
}

/**
 * Keeps a command running when the reader of its output has gone: it does its work, its output is dropped, and the exit
 * code is the same. A command that stays until Ctrl-C ends then (`untilStopped`). Any other failure of a stream is thrown.
 */
export function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/**
 * Writes a result to a file. `mode` is the file mode of a new file; without rights for others a file that is there loses them, too.
 * @throws {HooklineError} FILE_UNWRITABLE
 */
export async function writeResult(file: string, text: string, mode = 0o666): Promise<void> {
  try {
    const handle = await open(file, 'w', mode);
    try {
      // A device, such as /dev/null, stays as it is.
      if ((mode & 0o077) === 0 && (await handle.stat()).isFile()) await handle.chmod(mode);
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new HooklineError('FILE_UNWRITABLE', `${file} cannot be written: ${why}`);
  }
}

/** Prints one JSON document on stdout. */
export function printJson(document: unknown): void {
  print(JSON.stringify(document, null, 2));
}

/** Prints problems, one a line, for people (on stderr) or as JSON (on stdout). Contract D4, D5. */
export function printProblems(errors: Problem[], warnings: Problem[], json: boolean): void {
  if (json) return printJson({ errors, warnings });
  const line = (mark: string, { code, pointer, message }: Problem) =>
    `${mark} ${pointer === '' ? '(document)' : plainLine(pointer)}  ${plainLine(message)} [${code}]\n`;
  for (const problem of errors) process.stderr.write(line(colour('red', 'error  ', process.stderr), problem));
  for (const problem of warnings) process.stderr.write(line(colour('yellow', 'warning', process.stderr), problem));
}

/** Runs a command's action; an error becomes a clear line and exit code 1. */
export function guarded<A extends unknown[]>(
  action: (...args: A) => Promise<number>,
  wantsJson: (...args: A) => boolean = () => false,
) {
  return async (...args: A): Promise<void> => {
    let code = 1;
    try {
      code = await action(...args);
    } catch (error) {
      const known = error instanceof HooklineError;
      const message = error instanceof Error ? error.message : String(error);
      if (wantsJson(...args))
        printJson({ errors: [{ code: known ? error.code : 'INTERNAL', pointer: '', message }], warnings: [] });
      process.stderr.write(
        `${colour('red', 'hookline:', process.stderr)} ${known ? `${error.code}: ` : ''}${still(message)}\n`,
      );
      if (!known && process.env.HOOKLINE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    }
    await new Promise<void>((done) => process.stdout.write('', () => done()));
    process.exit(code);
  };
}
