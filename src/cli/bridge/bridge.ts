import { Command } from 'commander';
import { bridgeAsteriskCommand } from './bridge-asterisk.js';
import { bridgeCheckCommand } from './bridge-check.js';
import { bridgeSimulateCommand } from './bridge-simulate.js';

/** `hookline bridge`: for operators of telephones, and for engineers who write a bridge. Contract B. */
export function bridgeCommand(): Command {
  return new Command('bridge')
    .description('run a bridge on Asterisk, check a bridge, or run a simulated one')
    .addCommand(bridgeAsteriskCommand())
    .addCommand(bridgeCheckCommand())
    .addCommand(bridgeSimulateCommand());
}
