/**
 * WAV files as Asterisk plays them: 8 kHz, mono, 16 bits.
 * @module
 */

/** Samples a second. */
export const RATE = 8000;

/** A WAV file of samples. */
export function wav(samples: Int16Array): Buffer {
  const sound = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + sound.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(sound.length, 40);
  return Buffer.concat([head, sound]);
}

/** The samples of such a file. */
export function samplesIn(file: Buffer): Int16Array {
  const sound = file.subarray(44, file.length - (file.length % 2));
  return new Int16Array(sound.buffer.slice(sound.byteOffset, sound.byteOffset + sound.length));
}

/** A tone. */
export function toneWav(hertz: number, seconds: number): Buffer {
  const phase = (2 * Math.PI * hertz) / RATE;
  return wav(Int16Array.from({ length: seconds * RATE }, (_, index) => Math.round(8000 * Math.sin(phase * index))));
}
