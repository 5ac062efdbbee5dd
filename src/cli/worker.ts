import { Command } from 'commander';
import { guarded } from './output.js';

/** `hookline worker`: one worker process for a Temporal server that runs elsewhere. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('run one worker against the Temporal server at TEMPORAL_ADDRESS, until SIGTERM')
    .action(
      guarded(async () => {
        await import('../worker.js');
        return 0;
      }),
    );
}
