import { Command } from 'commander';
import { bridgeCheckCommand } from './bridge-check.js';
import { bridgeSimulateCommand } from './bridge-simulate.js';

/** `hookline bridge`: for engineers who write a bridge. Contract B. */
export function bridgeCommand(): Command {
  return new Command('bridge')
    .description('check a bridge, or run a simulated one')
    .addCommand(bridgeCheckCommand())
    .addCommand(bridgeSimulateCommand());
}
