/**
 * Restate: a durable execution server, which calls the service that holds the code.
 * @module
 */
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { freePort } from '../../../src/temporal/servers/ports.js';
import type { Engine } from '../../engine.js';
import { installed } from '../install.js';
import { startService } from '../service.js';
import packageJson from './package.json' with { type: 'json' };
import { RestateServer } from './server.js';

/** A workflow with two journalled steps. Server and service are one process each. */
export const restate: Engine = {
  name: 'restate',
  about: 'Restate workflow, two steps; durable, no telephone in it',
  install: (say) => installed(new URL('.', import.meta.url), say),
  async start(job) {
    const server = await RestateServer.start();
    const port = await freePort();
    const versions = packageJson.dependencies;
    const service = await startService(new URL('service.mjs', import.meta.url), job, versions, {
      // The SDK asks for Node 22 or later.
      execPath: fileURLToPath(new URL('node_modules/node/bin/node', import.meta.url)),
      env: { NODE_ENV: 'production', RESTATE_LOGGING: 'ERROR', PORT: String(port) },
    });
    await server.register(`http://127.0.0.1:${port}`);
    const pool = new Pool(server.ingress, { connections: 64 });
    return {
      versions,
      async call(id) {
        const { statusCode, body } = await pool.request({ method: 'POST', path: `/job/${id}/run/send` });
        await body.dump();
        if (statusCode !== 202) throw new Error(`Restate answered a call with ${statusCode}.`);
      },
      processes: () => ({ ...service.processes(), server: server.pid }),
      // Both have a part in running the calls.
      async crash() {
        await Promise.all([server.kill().then(() => server.begin()), service.crash()]);
      },
      async stop() {
        await pool.destroy();
        await service.stop();
        await server.stop();
      },
    };
  },
};
