/**
 * The sounds of prompts as files that Asterisk plays: 8 kHz, mono, 16 bits. Texts are spoken once and kept by the hash of engine, voice,
 * language and text; what has not been heard for longest is dropped beyond a size. Contract B3.
 * @module
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir, readFile, realpath, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { Prompt } from '../../commands.js';
import { BridgeError } from '../../bridge-error.js';
import { piped } from './process.js';
import type { SpeechEngine } from './speech-engine.js';

/** What a cache is made of. */
export interface PromptCacheSettings {
  /** Where the sounds lie. */
  folder: string;
  engine: SpeechEngine;
  /** The command of sox. */
  sox: readonly string[];
  /** The folder below which prompt files lie; null: none are played. */
  prompts: string | null;
  /** Bytes that the sounds may take, default 500 MB. */
  maxBytes?: number;
}

const MAX_BYTES = 500 * 1024 * 1024;
/** Sounds that are made between two looks at the size. */
const LOOK_EVERY = 50;

/** The sounds. */
export class PromptCache {
  readonly #making = new Map<string, Promise<string>>();
  #made = 0;

  constructor(private readonly settings: PromptCacheSettings) {
    mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
  }

  /** The WAV file of a sensitive text, which is not kept: {@link PromptCache.forget} it. Contract V7. @throws {BridgeError} MEDIA_FAILED */
  sensitiveFile(prompt: Prompt): Promise<string> {
    return this.file(prompt, randomUUID());
  }

  /** Deletes the sound of a sensitive text. */
  async forget(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  /** The WAV file of a prompt, made when it is not there. @throws {BridgeError} MEDIA_FAILED */
  async file(prompt: Prompt, once = ''): Promise<string> {
    try {
      if ('file' in prompt) return await this.#fileOf(prompt.file);
      const { engine } = this.settings;
      const { text, voice, language, ssml } = prompt;
      const key = [engine.id, text, voice ?? '', language ?? '', ssml ?? '', once];
      return await this.#kept(key, () => engine.speak(text, { voice, language, ssml }));
    } catch (error) {
      if (error instanceof BridgeError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new BridgeError('MEDIA_FAILED', `The prompt could not be made: ${why}`);
    }
  }

  async #fileOf(file: string): Promise<string> {
    const { prompts } = this.settings;
    if (prompts === null) throw new BridgeError('MEDIA_FAILED', 'This bridge has no folder of prompts.');
    const root = await realpath(prompts);
    const path = await realpath(resolve(root, file)).catch(() => null);
    // The same words for both: nobody may ask what else lies on this machine.
    if (path === null || !path.startsWith(root + sep))
      throw new BridgeError('MEDIA_FAILED', `There is no prompt file "${file}".`);
    const { mtimeMs, size } = await stat(path);
    return this.#kept(['file', path, String(mtimeMs), String(size)], () => readFile(path));
  }

  async #kept(key: string[], sound: () => Promise<Buffer>): Promise<string> {
    const path = join(this.settings.folder, `${createHash('sha256').update(JSON.stringify(key)).digest('hex')}.wav`);
    const now = new Date();
    const there = await utimes(path, now, now).then(
      () => true,
      () => false,
    );
    if (there) return path;
    const making = this.#making.get(path) ?? this.#make(path, sound);
    this.#making.set(path, making);
    try {
      return await making;
    } finally {
      this.#making.delete(path);
    }
  }

  async #make(path: string, sound: () => Promise<Buffer>): Promise<string> {
    const source = `${path}.${randomUUID()}`;
    const target = `${source}.wav`;
    await writeFile(source, await sound(), { mode: 0o600 });
    try {
      await piped(
        [...this.settings.sox, '-V1', source, '-r', '8000', '-c', '1', '-b', '16', '-e', 'signed-integer', target],
        '',
      );
      await rename(target, path);
    } finally {
      await Promise.all([source, target].map((file) => rm(file, { force: true })));
    }
    if (++this.#made % LOOK_EVERY === 0) await this.#shrink();
    return path;
  }

  async #shrink(): Promise<void> {
    const { folder, maxBytes = MAX_BYTES } = this.settings;
    const paths = (await readdir(folder)).filter((name) => name.endsWith('.wav')).map((name) => join(folder, name));
    const files = await Promise.all(paths.map(async (path) => ({ path, ...(await stat(path)) })));
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files.sort((one, other) => one.mtimeMs - other.mtimeMs)) {
      if (bytes <= maxBytes) return;
      await rm(path, { force: true });
      bytes -= size;
    }
  }
}
