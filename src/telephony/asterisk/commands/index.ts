/**
 * The commands, by type. Contract B3.
 * @module
 */
import type { CommandResult, CommandType } from '../../commands.js';
import { BridgeError } from '../../bridge-error.js';
import type { CommandRun } from '../command-run.js';
import { collect } from './collect-keys.js';
import { dial } from './dial-party.js';
import { join } from './join-legs.js';
import { play } from './play-prompts.js';
import { record } from './record-party.js';
import { answer, hangUp, hold, status, stop } from './simple-commands.js';
import { transfer } from './transfer-party.js';

/** All but those that only a bridge gets that announces them in its starts. Contract B7, B8. */
const COMMANDS: { [T in CommandType]?: (run: CommandRun<T>) => Promise<CommandResult> } = {
  ...{ answer, play, collect, record, dial, join, transfer, hold, stop, hangUp, status },
};

/** Commands whose outcome is their own when the leg ends meanwhile: the end is what they bring about. */
export const ENDING: readonly string[] = ['dial', 'hangUp', 'transfer'] satisfies CommandType[];

/** Carries a command out. @throws {BridgeError} NOT_SUPPORTED for one that there is not */
export async function carryOut<T extends CommandType>(run: CommandRun<T>): Promise<CommandResult> {
  const { type } = run.command;
  const carry = Object.hasOwn(COMMANDS, type) ? COMMANDS[type] : undefined;
  if (!carry) throw new BridgeError('NOT_SUPPORTED', `There is no command "${type}".`);
  return carry(run);
}
