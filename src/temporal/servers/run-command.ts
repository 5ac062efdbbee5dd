/**
 * Running a helper program to its end.
 * @module
 */
import { execFile } from 'node:child_process';

/**
 * Runs a program and gives its standard output.
 * @param seconds after which it is killed
 * @throws Error whose message says in one line why it failed: not there, too slow, or what it wrote last
 */
export function runCommand(program: string, args: string[], env: NodeJS.ProcessEnv, seconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env, timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024 } as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (error.code === 'ENOENT') reject(new Error('not there'));
      else if (error.killed) reject(new Error(`took longer than ${seconds} s`));
      else reject(new Error(lastWords(stderr) ?? error.message));
    });
  });
}

/** The last line that names an error, else the last line. */
function lastWords(output: string): string | undefined {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1);
}
