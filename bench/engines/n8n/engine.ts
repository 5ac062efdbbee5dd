/**
 * n8n: a workflow of its own nodes, whose executions are in SQLite.
 * @module
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../../../src/temporal/servers/ports.js';
import type { Engine, Job } from '../../engine.js';
import { installed } from '../install.js';
import { Program } from '../program.js';
import packageJson from './package.json' with { type: 'json' };
import { n8nSettings } from './settings.js';

const here = (file: string) => new URL(file, import.meta.url);
const node = here('node_modules/node/bin/node');
const n8nCommand = fileURLToPath(here('node_modules/n8n/bin/n8n'));

/** Started by its command in its regular mode: one process runs all. */
export const n8n: Engine = {
  name: 'n8n',
  about: 'n8n workflow, two HTTP requests; keeps executions in SQLite, starts none again',
  install: (say) => installed(here('.'), say),
  async start(job) {
    const folder = await mkdtemp(join(tmpdir(), 'hookline-bench-n8n-'));
    const [port, brokerPort] = [await freePort(), await freePort()];
    const env = n8nSettings(fileURLToPath(here('node_modules/node/bin')), folder, port, brokerPort);
    await publish(job, folder, env);
    const program = await Program.start({
      node,
      args: [n8nCommand, 'start'],
      env,
      folder,
      port,
      callPath: '/webhook/calls',
    });
    return program.running(packageJson.dependencies);
  },
};

/** Puts the workflow into the new database. Its expressions may not read the environment, so it gets the URLs itself. */
async function publish(job: Job, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const template = await readFile(here('workflow.json'), 'utf8');
  const { id } = JSON.parse(template) as { id: string };
  const input = join(folder, 'workflow.json');
  await writeFile(input, template.replaceAll('LOOKUP_URL', job.lookupUrl).replaceAll('FLOW_END_URL', job.flowEndUrl));
  for (const args of [
    ['import:workflow', `--input=${input}`],
    ['publish:workflow', `--id=${id}`],
  ]) {
    await promisify(execFile)(fileURLToPath(node), [n8nCommand, ...args], { cwd: folder, env });
  }
}
