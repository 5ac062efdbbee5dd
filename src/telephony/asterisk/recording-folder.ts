/**
 * Where recordings are kept: a folder of this node. Contract B2.
 * @module
 */
import { mkdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Ari } from './ari/ari.js';

/** Bytes of a WAV file before its samples. */
const HEADER = 44;
/** A sample below which there is nothing but the noise of the line. */
const SILENT = 300;

/** The folder. */
export class RecordingFolder {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /**
   * Takes a recording from Asterisk and gives its URL; null when nothing was said, which counts with `silent`.
   * A recording that was kept before is given again.
   */
  async keep(ari: Ari, name: string, { silent }: { silent: boolean }): Promise<string | null> {
    const sound = await ari.recording(name);
    if (sound === null) return null;
    if (silent || loudest(sound) >= SILENT) {
      const path = join(this.folder, `${name}.wav`);
      await writeFile(`${path}.new`, sound, { mode: 0o600 });
      await rename(`${path}.new`, path);
      await ari.forgetRecording(name);
      return pathToFileURL(path).href;
    }
    await ari.forgetRecording(name);
    return null;
  }
}

function loudest(wav: Buffer): number {
  let peak = 0;
  for (let offset = HEADER; offset + 1 < wav.length; offset += 2)
    peak = Math.max(peak, Math.abs(wav.readInt16LE(offset)));
  return peak;
}
