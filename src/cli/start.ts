import { Command } from 'commander';
import { quietRuntime } from '../temporal/runtime.js';
import { startStack } from '../stack/development.js';
import { untilStopped } from '../stack/until-stopped.js';
import { guarded, print, say } from './output.js';

/** `hookline start`: the development stack, until Ctrl-C. Contract D7. */
export function startCommand(): Command {
  return new Command('start')
    .description('run the development stack (Temporal server on a database file, worker, HTTP API) until Ctrl-C')
    .addHelpText(
      'after',
      `
With TEMPORAL_ADDRESS set, the stack uses that server and starts none.
The database lies in .hookline/ (HOOKLINE_HOME sets another folder): calls that run when the stack stops continue
when it starts again.`,
    )
    .action(
      guarded(async () => {
        quietRuntime();
        const stack = await startStack(say);
        print(`Temporal     ${stack.address} (namespace ${stack.namespace})`);
        if (stack.uiUrl) print(`Temporal UI  ${stack.uiUrl}`);
        print(`API          ${stack.apiUrl}`);
        print('Ready. `hookline run FLOW.json` places calls here; Ctrl-C stops.');
        await untilStopped();
        say('stopping: finishing requests under way ...');
        await stack.stop();
        return 0;
      }),
    );
}
