import { Command } from 'commander';
import { callExportCommand } from './call-export.js';

/** `hookline call`: calls that have ended. */
export function callCommand(): Command {
  return new Command('call').description('calls that have ended').addCommand(callExportCommand());
}
