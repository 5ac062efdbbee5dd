/**
 * How n8n runs: as it is by default for one machine, and without what it asks of its makers' servers.
 * @module
 */
import { delimiter } from 'node:path';

/** The environment of its commands. Database, mode and what it saves of executions are its defaults. */
export function n8nSettings(nodeFolder: string, folder: string, port: number, brokerPort: number): NodeJS.ProcessEnv {
  return {
    // The task runner is started as `node`.
    PATH: [nodeFolder, process.env.PATH].join(delimiter),
    NODE_ENV: 'production',
    N8N_USER_FOLDER: folder,
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    N8N_PORT: String(port),
    N8N_RUNNERS_BROKER_PORT: String(brokerPort),
    N8N_LOG_LEVEL: 'error',
    N8N_DIAGNOSTICS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
    N8N_TEMPLATES_ENABLED: 'false',
    N8N_PERSONALIZATION_ENABLED: 'false',
    // A catalogue that is fetched at every start, for the editor.
    N8N_DISABLED_MODULES: 'mcp-registry',
  };
}
