/**
 * The keys that the environment gives.
 * @module
 */
import { readFileSync } from 'node:fs';
import { textOf } from '../flow/documents/text-place.js';
import { HooklineError } from '../flow/errors.js';
import { KeyRing } from './key-ring.js';

/**
 * The keys of `HOOKLINE_CODEC_KEYS`, or of the file that `HOOKLINE_CODEC_KEYS_FILE` names; null without any.
 * @throws {HooklineError} CODEC_KEYS_INVALID; its message holds no key
 */
export function keyRing(env: NodeJS.ProcessEnv): KeyRing | null {
  if (env.HOOKLINE_CODEC_KEYS) return KeyRing.parse(env.HOOKLINE_CODEC_KEYS, 'HOOKLINE_CODEC_KEYS');
  const file = env.HOOKLINE_CODEC_KEYS_FILE;
  return file ? KeyRing.parse(contentOf(file), 'HOOKLINE_CODEC_KEYS_FILE') : null;
}

/** Whether `HOOKLINE_CODEC=off`: nothing is encrypted, and keys still decrypt. @throws {HooklineError} CODEC_KEYS_INVALID */
export function isEncryptionOff(env: NodeJS.ProcessEnv): boolean {
  const said = env.HOOKLINE_CODEC || null;
  if (said !== null && said !== 'off')
    throw new HooklineError('CODEC_KEYS_INVALID', 'HOOKLINE_CODEC: the value is off, or not set.');
  return said === 'off';
}

function contentOf(file: string): string {
  try {
    return textOf(readFileSync(file));
  } catch (cause) {
    throw new HooklineError('CODEC_KEYS_INVALID', 'HOOKLINE_CODEC_KEYS_FILE: the file cannot be read.', { cause });
  }
}
