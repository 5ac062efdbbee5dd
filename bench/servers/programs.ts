/**
 * The programs of the real Temporal server, built by Go on demand.
 * @module
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The version that is built. */
export const SERVER_VERSION = '1.31.2';
const MODULE = 'go.temporal.io/server';
const folder = fileURLToPath(new URL('.go/', import.meta.url));
const run = promisify(execFile);

/** Paths of the programs, and of the module with the database schema. */
export interface ServerPrograms {
  server: string;
  sqlTool: string;
  schema: string;
}

/** Builds what is missing, which takes some minutes once. Rejects when there is no Go. */
export async function serverPrograms(): Promise<ServerPrograms> {
  const programs = { server: `${folder}server`, sqlTool: `${folder}sql` };
  const env = { ...process.env, GOBIN: folder };
  for (const [path, name] of [
    [programs.server, 'cmd/server'],
    [programs.sqlTool, 'cmd/tools/sql'],
  ] as const) {
    if (!existsSync(path)) await run('go', ['install', `${MODULE}/${name}@v${SERVER_VERSION}`], { env });
  }
  const { stdout } = await run('go', ['env', 'GOMODCACHE']);
  return { ...programs, schema: `${stdout.trim()}/${MODULE}@v${SERVER_VERSION}/schema/postgresql/v12` };
}
