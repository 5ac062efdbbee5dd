import { Command } from 'commander';
import { guarded } from './output.js';

/** `hookline api`: one API process for a Temporal server that runs elsewhere. Contract B6. */
export function apiCommand(): Command {
  return new Command('api')
    .description(
      'serve the HTTP API for integrators and bridges, on the Temporal server at TEMPORAL_ADDRESS, until SIGTERM',
    )
    .addHelpText(
      'after',
      `
What Temporal keeps is encrypted with the keys of HOOKLINE_CODEC_KEYS; it starts without one only with HOOKLINE_CODEC=off.`,
    )
    .action(
      guarded(async () => {
        await import('../server.js');
        return 0;
      }),
    );
}
