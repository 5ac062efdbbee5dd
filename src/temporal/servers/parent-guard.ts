/**
 * No server may outlive the process that started it, not even one that was killed with `kill -9` and so could not
 * clean up. A shell starts a watcher and then becomes the server itself, so that killing the child kills the server.
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './program-places.js';

/**
 * Arguments: the parent's process id, then the server's command. `$$` stays this process, also in the watcher.
 * A parent that nobody has reaped yet is a zombie: it still has its id, but it is gone.
 * SIGTERM first, so that the server closes its database well.
 */
const GUARD = `parent=$1
shift
(
  PATH=$PATH:/usr/bin:/bin
  while kill -0 "$parent" && kill -0 $$; do
    stat=
    read -r stat <"/proc/$parent/stat"
    case $stat in *') Z '*) break ;; esac
    sleep 0.5 || sleep 1 || exit
  done
  kill -TERM $$ || exit
  for second in 1 2 3 4 5; do
    sleep 1
    kill -0 $$ || exit
  done
  kill -KILL $$
) </dev/null >/dev/null 2>&1 &
exec "$@"
`;

/** The command that runs a server which ends, at the latest some seconds later, when this process does. */
export function guarded(program: string, args: string[]): { command: string; args: string[] } {
  return { command: '/bin/sh', args: ['-c', GUARD, 'hookline-guard', String(process.pid), program, ...args] };
}

/**
 * Writes a script that does the same for a server which the Temporal SDK starts, and gives its path.
 * The script takes a port and the parent's process id, and is silent on standard output.
 */
export async function guardScript(program: string, env: NodeJS.ProcessEnv): Promise<string> {
  const quoted = `'${program.replaceAll("'", `'\\''`)}'`;
  const script = `#!/bin/sh\nset -- "$2" ${quoted} "$1"\nexec >/dev/null\n${GUARD}`;
  const folder = join(cacheFolder(env), 'guards');
  const path = join(folder, createHash('sha256').update(script).digest('hex').slice(0, 16));
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, script, { mode: 0o755 });
  await rename(draft, path);
  return path;
}
