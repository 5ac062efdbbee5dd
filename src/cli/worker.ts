import { Command } from 'commander';
import { guarded } from './output.js';

/** `hookline worker`: one worker process for a Temporal server that runs elsewhere. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('run one worker on the Temporal server at TEMPORAL_ADDRESS, until SIGTERM')
    .addHelpText(
      'after',
      `
What Temporal keeps is encrypted with the keys of HOOKLINE_CODEC_KEYS; it starts without one only with HOOKLINE_CODEC=off.`,
    )
    .action(
      guarded(async () => {
        await import('../worker.js');
        return 0;
      }),
    );
}
