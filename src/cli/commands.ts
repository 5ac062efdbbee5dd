/**
 * The subcommands of `hookline`.
 * @module
 */
import type { Command } from 'commander';

/** Each command by its name, loaded only when it is called or listed: loading all of them takes a second. */
export const COMMANDS: Record<string, () => Promise<Command>> = {
  import: async () => (await import('./import/import.js')).importCommand(),
  init: async () => (await import('./init.js')).initCommand(),
  run: async () => (await import('./run.js')).runCommand(),
  validate: async () => (await import('./validate.js')).validateCommand(),
  test: async () => (await import('./flow-test/test.js')).testCommand(),
  schema: async () => (await import('./schema.js')).schemaCommand(),
  webhook: async () => (await import('./webhook.js')).webhookCommand(),
  flows: async () => (await import('./flows/flows.js')).flowsCommand(),
  secret: async () => (await import('./secret.js')).secretCommand(),
  dids: async () => (await import('./dids.js')).didsCommand(),
  deliveries: async () => (await import('./deliveries.js')).deliveriesCommand(),
  endpoints: async () => (await import('./endpoints.js')).endpointsCommand(),
  call: async () => (await import('./call.js')).callCommand(),
  replay: async () => (await import('./flow-test/replay.js')).replayCommand(),
  bridge: async () => (await import('./bridge/bridge.js')).bridgeCommand(),
  start: async () => (await import('./start.js')).startCommand(),
  api: async () => (await import('./api.js')).apiCommand(),
  'codec-server': async () => (await import('./codec-server.js')).codecServerCommand(),
  worker: async () => (await import('./worker.js')).workerCommand(),
};
