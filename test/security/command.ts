/**
 * Running `hookline` as a user would, with no key but those that a test gives.
 * @module
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
// A stack that runs from the folder of the project is none of ours.
const home = mkdtempSync(join(tmpdir(), 'hookline-command-'));
process.once('exit', () => rmSync(home, { recursive: true, force: true }));
const optionsOf = (env: NodeJS.ProcessEnv) => ({
  cwd: root,
  env: {
    ...process.env,
    HOOKLINE_HOME: home,
    ...{ HOOKLINE_CODEC_KEYS: '', HOOKLINE_CODEC_KEYS_FILE: '', HOOKLINE_CODEC: '' },
    ...env,
  },
});

/** Runs a command to its end. */
export function hookline(
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const options = { ...optionsOf(env), maxBuffer: 1e8 };
  return new Promise((resolve) => {
    execFile(process.execPath, ['bin/hookline.js', ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

/** Starts a command that stays, and waits until it says that it takes calls. */
export async function listening(args: string[], env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const command = ['bin/hookline.js', ...args];
  const child = spawn(process.execPath, command, { ...optionsOf(env), stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const text of child.stderr ?? []) if (String(text).includes('takes calls')) return child;
  throw new Error('It ended.');
}

/** Ends a command, and waits until it has gone. */
export async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
