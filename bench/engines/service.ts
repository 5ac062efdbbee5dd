/**
 * An engine that is one Node program of ours which takes calls over HTTP: it says `{ port }` when it is ready.
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Pool } from 'undici';
import type { Job, RunningEngine } from '../engine.js';

/** Which Node runs it, with what around it. */
export interface ServiceOptions {
  /** Default: that of the bench. */
  execPath?: string;
  env?: NodeJS.ProcessEnv;
  /** Further processes of the engine. */
  beside?: Record<string, number>;
}

/** Starts one. It is crashed and started again on the port that it had. */
export async function startService(
  program: URL,
  job: Job,
  versions: Record<string, string>,
  { execPath = process.execPath, env = {}, beside = {} }: ServiceOptions = {},
): Promise<RunningEngine & { crash(): Promise<void> }> {
  let child: ChildProcess;
  let pool: Pool;
  const begin = async () => {
    const variables = { ...process.env, LOOKUP_URL: job.lookupUrl, FLOW_END_URL: job.flowEndUrl, ...env };
    child = fork(program, { execPath, execArgv: [], env: variables, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    pool = new Pool(`http://127.0.0.1:${port}`, { connections: 64 });
  };
  const end = async (signal: NodeJS.Signals) => {
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    await pool.destroy();
  };
  await begin();
  return {
    versions,
    async call(id) {
      const { statusCode, body } = await pool.request({ method: 'POST', path: `/calls/${id}` });
      await body.dump();
      if (statusCode !== 202) throw new Error(`The engine answered a call with ${statusCode}.`);
    },
    processes: () => ({ service: child.pid ?? 0, ...beside }),
    async crash() {
      await end('SIGKILL');
      await begin();
    },
    stop: () => end('SIGKILL'),
  };
}
