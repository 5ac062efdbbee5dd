/**
 * How long prompts last, and the playing of them. Contract D6.
 * @module
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Prompt } from '../commands.js';
import type { SimClock } from './sim-clock.js';

/** A spoken word, in milliseconds. Contract D6. */
const WORD_MS = 300;
/** A file whose length cannot be read (not there, or no WAV), in milliseconds. */
export const UNKNOWN_FILE_MS = 3000;
/** A WAV's headers stand before its sound; one with more than this in front has no length that we read. */
const HEADER_BYTES = 64 * 1024;

/** How long a prompt lasts, in milliseconds: 0.3 s a word, a WAV file its length. Contract D6. */
export function promptMs(prompt: Prompt): number {
  if ('text' in prompt) return prompt.text.split(/\s+/).filter((word) => word !== '').length * WORD_MS;
  return wavMs(prompt.file) ?? UNKNOWN_FILE_MS;
}

/** What the party hears, in words: the text, or which file. */
export function promptText(prompt: Prompt): string {
  return 'text' in prompt ? prompt.text : `[file ${prompt.file}]`;
}

/**
 * Plays prompts one after the other, telling each, then calls `over`; returns what cuts it.
 * @param meanwhile whether something else is awaited meanwhile: then their time passes as that of any wait does
 */
export function playPrompts(
  prompts: readonly Prompt[],
  clock: SimClock,
  hears: (prompt: Prompt) => void,
  over: () => void,
  meanwhile = false,
): () => void {
  const calm = meanwhile ? () => undefined : clock.rush();
  let cancel = (): void => undefined;
  const next = (index: number): void => {
    const prompt = prompts[index];
    if (!prompt) {
      calm();
      over();
      return;
    }
    hears(prompt);
    cancel = clock.after(promptMs(prompt), () => next(index + 1));
  };
  next(0);
  return () => {
    cancel();
    calm();
  };
}

/** The length of a WAV file, null when there is none. */
function wavMs(path: string): number | null {
  try {
    // A pipe or a device would block the simulator.
    if (!statSync(path).isFile()) return null;
    const file = openSync(path, 'r');
    try {
      const head = Buffer.alloc(HEADER_BYTES);
      const length = readSync(file, head, 0, HEADER_BYTES, 0);
      return wavMsOf(head.subarray(0, length), fstatSync(file).size);
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

function wavMsOf(head: Buffer, fileSize: number): number | null {
  if (head.length < 12 || head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') {
    return null;
  }
  let bytesPerSecond = 0;
  for (let offset = 12; offset + 8 <= head.length;) {
    const name = head.toString('latin1', offset, offset + 4);
    const size = head.readUInt32LE(offset + 4);
    const start = offset + 8;
    if (name === 'fmt ' && start + 12 <= head.length) bytesPerSecond = head.readUInt32LE(start + 8);
    if (name === 'data') {
      // A WAV that was streamed names no true size.
      const sound = Math.min(size === 0 ? Infinity : size, fileSize - start);
      return bytesPerSecond > 0 ? Math.round((sound * 1000) / bytesPerSecond) : null;
    }
    // Chunks are padded to even lengths.
    offset = start + size + (size % 2);
  }
  return null;
}
