/**
 * How commands print: results to stdout, everything else to stderr, colour only on a terminal.
 * @module
 */
import { writeFile } from 'node:fs/promises';
import { HooklineError, type Problem } from '../flow/errors.js';
import { plainLine } from '../observability/plain-line.js';

const CODES = { red: 31, green: 32, yellow: 33, cyan: 36, dim: 2, bold: 1 } as const;

/** Colours a text when the stream is a terminal and `NO_COLOR` is not set. */
export function colour(name: keyof typeof CODES, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  const wanted = stream.isTTY && !process.env.NO_COLOR;
  return wanted ? `\x1b[${CODES[name]}m${text}\x1b[0m` : text;
}

/** Prints a line on stderr: progress, hints. */
export function say(line: string): void {
  process.stderr.write(`${colour('dim', `hookline: ${line}`, process.stderr)}\n`);
}

/** Prints a line on stdout. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
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

/** Writes a result to a file. `mode` is the file mode of a new file. @throws {HooklineError} FILE_UNWRITABLE */
export async function writeResult(file: string, text: string, mode = 0o666): Promise<void> {
  try {
    await writeFile(file, text, { mode });
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
        `${colour('red', 'hookline:', process.stderr)} ${known ? `${error.code}: ` : ''}${message}\n`,
      );
      if (!known && process.env.HOOKLINE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    }
    await new Promise<void>((done) => process.stdout.write('', () => done()));
    process.exit(code);
  };
}
