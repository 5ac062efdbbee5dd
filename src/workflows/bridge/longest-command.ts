/**
 * How long a command to a watched node may take at most: nothing else would notice that one of them hangs. Contract B8.
 * @module
 */
import type { BridgeCommand, Prompt } from '../../telephony/commands.js';

/** Seconds beyond what a command plays or waits for. */
const SLACK = 30;
/** Seconds until it is known who has answered, a greeting and its beep among them. */
const DETECTING = 40;
/** Seconds for prompts with a file, whose length nobody knows here. */
const WITH_FILE = 15 * 60;
/** What is longer than a word mostly is, as a whole sentence of a script without blanks: characters, and how many a second has. */
const LONG_WORD = { characters: 12, aSecond: 3 };

/** Seconds after which a command that was taken has failed. */
export function longestSeconds(command: BridgeCommand): number {
  switch (command.type) {
    case 'play':
      return withPrompts(command.prompts);
    case 'collect':
      return withPrompts(command.prompts) + command.firstDigitTimeout + command.max * command.interDigitTimeout;
    case 'record':
      return command.maxSeconds + SLACK;
    case 'dial':
      return command.ringSeconds + SLACK + (command.detectMachine ? DETECTING : 0);
    case 'transfer':
      return 'with' in command ? SLACK : command.ringSeconds + SLACK;
    case 'sequence':
      return command.commands.reduce((sum, one) => sum + longestSeconds(one), 0);
    default:
      return SLACK;
  }
}

function withPrompts(prompts: readonly Prompt[]): number {
  const spoken = prompts.reduce((sum, prompt) => sum + ('text' in prompt ? spokenSeconds(prompt.text) : 0), SLACK);
  return prompts.every((prompt) => 'text' in prompt) ? spoken : Math.max(spoken, WITH_FILE);
}

/** A second a word, and more for a long one. */
function spokenSeconds(text: string): number {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const secondsOf = ({ length }: string) => (length > LONG_WORD.characters ? Math.ceil(length / LONG_WORD.aSecond) : 1);
  return words.reduce((sum, word) => sum + secondsOf(word), 0);
}
