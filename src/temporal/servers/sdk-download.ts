/**
 * Letting the Temporal SDK make its own download of a server program.
 * @module
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { presentAndOurs, sdkDownload } from './program-places.js';
import { DEV_SERVER, type ServerProgram } from './programs.js';

/** How long the download site may take to answer, the start of the SDK included; then this machine counts as offline. */
const ANSWER_SECONDS = 8;
const DOWNLOAD_SECONDS = 120;

/**
 * Has the SDK download a server program, and gives its path.
 * The SDK can only download in order to start, and starts it without a guard: so it runs in a process of its own,
 * and with `--help` the server ends at once.
 * @throws Error when the download site does not answer or the download fails
 */
export async function downloadBySdk(server: ServerProgram, env: NodeJS.ProcessEnv): Promise<string> {
  const path = sdkDownload(server, env);
  const create = server === DEV_SERVER ? 'createLocal' : 'createTimeSkipping';
  const sdk = createRequire(import.meta.url).resolve('@temporalio/testing');
  const script = `
    const { TestWorkflowEnvironment } = require(${JSON.stringify(sdk)});
    TestWorkflowEnvironment.${create}({ server: { extraArgs: ['--help'] } }).then(() => process.exit(), () => process.exit(1));`;
  const child = spawn(process.execPath, ['-e', script], { env, stdio: 'ignore' });
  let ended = false;
  child.once('exit', () => (ended = true)).once('error', () => (ended = true));
  const start = Date.now();
  const passed = (seconds: number) => Date.now() - start > seconds * 1000;
  try {
    while (!existsSync(path)) {
      if (ended) throw new Error('the download site cannot be reached');
      if (passed(ANSWER_SECONDS) && !existsSync(`${path}.downloading`)) throw new Error('the download site is silent');
      if (passed(DOWNLOAD_SECONDS)) throw new Error(`took longer than ${DOWNLOAD_SECONDS} s`);
      await sleep(100);
    }
  } finally {
    child.kill('SIGKILL');
  }
  return presentAndOurs(path);
}
