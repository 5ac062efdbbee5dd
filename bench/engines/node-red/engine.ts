/**
 * Node-RED: a flow of its own nodes, whose messages are in memory.
 * @module
 */
import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../src/temporal/servers/ports.js';
import type { Engine } from '../../engine.js';
import { installed } from '../install.js';
import packageJson from './package.json' with { type: 'json' };
import { Program } from '../program.js';

const here = (file: string) => new URL(file, import.meta.url);

/** Started by its command, without its editor. */
export const nodeRed: Engine = {
  name: 'node-red',
  about: 'Node-RED flow, two HTTP requests; keeps no calls',
  install: (say) => installed(here('.'), say),
  async start(job) {
    const folder = await mkdtemp(join(tmpdir(), 'hookline-bench-node-red-'));
    await copyFile(here('flows.json'), join(folder, 'flows.json'));
    const port = await freePort();
    const settings = fileURLToPath(here('settings.json'));
    const program = await Program.start({
      node: here('node_modules/node/bin/node'),
      args: [
        fileURLToPath(here('node_modules/node-red/red.js')),
        ...['--userDir', folder, '--settings', settings, '--port', String(port), 'flows.json'],
      ],
      env: { NODE_ENV: 'production', LOOKUP_URL: job.lookupUrl, FLOW_END_URL: job.flowEndUrl },
      folder,
      port,
      callPath: '/calls',
    });
    return program.running(packageJson.dependencies);
  },
};
