import { describe, expect, it } from 'vitest';
import type { BridgeCommand, CommandFields, CommandType, ListedCommand } from '../../telephony/commands.js';
import { longestSeconds } from './longest-command.js';

const command = <T extends CommandType>(type: T, fields: CommandFields[T]) =>
  ({ commandId: 'w/1', seq: 1, leg: '1', callId: 'c', widget: null, type, ...fields }) as unknown as BridgeCommand;
const digits = { min: 1, max: 4, terminator: '#', firstDigitTimeout: 5, interDigitTimeout: 3, keepDigits: false };
const record = { name: 'r', maxSeconds: 120, silenceSeconds: 5, terminator: '#', beep: true };

describe('B8: how long a command to a watched node may take', () => {
  it.each([
    ['a second a word and 30 s', command('play', { prompts: [{ text: 'It is on' }, { text: ' its way ' }] }), 35],
    ['more for words that are long', command('play', { prompts: [{ text: '请稍候，我们正在为您接通。' }] }), 35],
    ['15 minutes with a file', command('play', { prompts: [{ text: 'It' }, { file: 'a.wav' }] }), 900],
    ['more when the texts beside it are longer', command('play', { prompts: [{ text: 'It '.repeat(900) }, { file: 'a.wav' }] }), 930], // prettier-ignore
    ['with digits, the waits for them', command('collect', { prompts: [{ text: 'Your PIN' }], ...digits }), 49],
    ['the length of a recording and 30 s', command('record', record), 150],
    ['the ringing and 30 s', command('dial', { to: '1', from: '2', ringSeconds: 20, whileRinging: 'ring' }), 50],
    ['the sum for a sequence', command('sequence', { commands: [command('answer', {}), command('play', { prompts: [{ text: 'One' }] })] as ListedCommand[] }), 61], // prettier-ignore
    ['30 s for all that completes at once', command('hold', {}), 30],
  ])('B8: %s', (_, given, seconds) => {
    expect(longestSeconds(given)).toBe(seconds);
  });
});
