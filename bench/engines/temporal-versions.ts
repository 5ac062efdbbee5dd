/**
 * What an engine on Temporal consists of.
 * @module
 */
import packageJson from '../../package.json' with { type: 'json' };
import type { TemporalStack } from '../temporal-stack.js';

/** The versions of SDK and server. */
export function temporalVersions({ server }: TemporalStack): Record<string, string> {
  return {
    '@temporalio/worker': packageJson.dependencies['@temporalio/worker'],
    'Temporal server': server.version,
    node: process.versions.node,
  };
}
