/**
 * Running a built command of `hookline` in the process of the test, which saves the seconds that a process takes to start. That the
 * program itself starts and takes its arguments is tested in `test/e2e/cli.test.ts`.
 * @module
 */
import './runtime.js';
import { Runtime } from '@temporalio/worker';
import { Command } from 'commander';
import { vi } from 'vitest';
import type { COMMANDS as Commands } from '../../src/cli/commands.js';

/** What a command left behind. */
export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

const dist = new URL('../../dist/cli/commands.js', import.meta.url).href;

/** Thrown where a command ends its process. */
class Exit extends Error {
  constructor(readonly code: number) {
    super(`The command ended with ${code}.`);
  }
}

/**
 * Runs a command to its end; one at a time.
 * @param args as after `hookline` on a command line
 * @param env what differs from the environment of the test; undefined: not set
 */
export async function commandInProcess(
  args: string[],
  env: Record<string, string | undefined> = {},
): Promise<CommandResult> {
  const written = { stdout: '', stderr: '' };
  const before = { ...process.env };
  const { mocks, restore } = stand();
  for (const name of ['stdout', 'stderr'] as const)
    mocks[name].mockImplementation((text: unknown, ...more: unknown[]) => {
      written[name] += String(text);
      const done = more.at(-1);
      if (typeof done === 'function') done();
      return true;
    });
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  try {
    const { COMMANDS } = (await import(/* @vite-ignore */ dist)) as { COMMANDS: typeof Commands };
    const load = COMMANDS[args[0] ?? ''];
    if (!load) throw new Error(`hookline has no command ${args[0]}.`);
    await new Command('hookline').addCommand(await load()).parseAsync(args, { from: 'user' });
    return { code: 0, ...written };
  } catch (error) {
    if (error instanceof Exit) return { code: error.code, ...written };
    throw error;
  } finally {
    restore();
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** Puts stand-ins where a command prints, ends its process, and installs the runtime, of which a process has one. */
function stand() {
  const mocks = {
    stdout: vi.spyOn(process.stdout, 'write'),
    stderr: vi.spyOn(process.stderr, 'write'),
    exit: vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Exit(Number(code ?? 0));
    }),
    install: vi.spyOn(Runtime, 'install').mockImplementation(() => Runtime.instance()),
  };
  return { mocks, restore: () => Object.values(mocks).forEach((mock) => mock.mockRestore()) };
}
