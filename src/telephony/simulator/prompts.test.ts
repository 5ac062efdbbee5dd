import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { promptMs, UNKNOWN_FILE_MS } from './prompts.js';

const folder = mkdtempSync(join(tmpdir(), 'prompts-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of 8,000 bytes a second, with a chunk of odd length before the sound. */
function wav(soundBytes: number, toldBytes = soundBytes): string {
  const head = Buffer.alloc(56);
  head.write('RIFF', 0);
  head.write('WAVE', 8);
  head.write('fmt ', 12);
  head.writeUInt32LE(16, 16);
  head.writeUInt32LE(8000, 28);
  head.write('LIST', 36);
  head.writeUInt32LE(3, 40);
  head.write('data', 48);
  head.writeUInt32LE(toldBytes, 52);
  const path = join(folder, `${soundBytes}-${toldBytes}.wav`);
  writeFileSync(path, Buffer.concat([head, Buffer.alloc(soundBytes)]));
  return path;
}

describe('D6: how long a prompt lasts', () => {
  it('D6: a text takes 0.3 s a word, words being what white space parts', () => {
    expect(promptMs({ text: '  Your order\n is\ton its way. ' })).toBe(6 * 300);
    expect(promptMs({ text: ' ' })).toBe(0);
  });

  it('D6: a WAV file takes its length, also when it was streamed and does not tell it', () => {
    expect(promptMs({ file: wav(12_000) })).toBe(1500);
    expect(promptMs({ file: wav(4000, 0xffffffff) })).toBe(500);
    expect(promptMs({ file: wav(2000, 0) })).toBe(250);
  });

  it('D6: a file whose length cannot be read takes 3 s', () => {
    const text = join(folder, 'text.wav');
    writeFileSync(text, 'not a WAV file at all');
    const short = join(folder, 'short.wav');
    writeFileSync(short, 'RIFF');
    for (const file of [text, short, folder, '/nowhere/hello.wav', '/dev/zero', '']) {
      expect(promptMs({ file }), file).toBe(UNKNOWN_FILE_MS);
    }
  });
});
