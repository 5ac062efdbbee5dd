/**
 * `sequence`: several commands that come in one, carried out one after the other. Each is a command of its own in the journal, so that a
 * repeat and the next process take up what was not begun. Contract B7.
 * @module
 */
import type { CommandResult, ListedCommand, ListedResult, Prompt } from '../../commands.js';
import type { Outcome } from '../journal.js';

/** Carries commands out up to the first that is not done; `one` carries a single one out, once. */
export async function inOrder(
  commands: readonly ListedCommand[],
  one: (command: ListedCommand) => Promise<Outcome>,
): Promise<CommandResult> {
  const results: ListedResult[] = [];
  for (const command of commands) {
    const outcome = await one(command);
    results.push('error' in outcome ? outcome : { at: new Date().toISOString(), ...outcome });
    if ('error' in outcome || outcome.result !== 'done') break;
  }
  return { result: 'done', at: new Date().toISOString(), results };
}

/** The prompts of a sequence that may be made before their turn: the sound of a sensitive one is kept nowhere. */
export function promptsIn(commands: readonly ListedCommand[]): Prompt[] {
  return commands.flatMap((command) => (command.sensitive || !('prompts' in command) ? [] : command.prompts));
}
