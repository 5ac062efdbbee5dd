/**
 * The codec that the environment asks for.
 * @module
 */
import { readFileSync } from 'node:fs';
import { HooklineError } from '../../flow/errors.js';
import { KeyRing } from './key-ring.js';
import { EncryptingCodec } from './payload-codec.js';

/**
 * The codec of `HOOKLINE_CODEC_KEYS`, or of the file that `HOOKLINE_CODEC_KEYS_FILE` names; null without keys.
 * With `HOOKLINE_CODEC=off` it encrypts nothing, and keys that are there still decrypt.
 * @throws {HooklineError} CODEC_KEYS_INVALID; its message holds no key
 */
export function codecSettings(env: NodeJS.ProcessEnv = process.env): EncryptingCodec | null {
  const off = isOff(env);
  if (env.HOOKLINE_CODEC_KEYS)
    return new EncryptingCodec(KeyRing.parse(env.HOOKLINE_CODEC_KEYS, 'HOOKLINE_CODEC_KEYS'), !off);
  const file = env.HOOKLINE_CODEC_KEYS_FILE;
  if (file) return new EncryptingCodec(KeyRing.parse(contentOf(file), 'HOOKLINE_CODEC_KEYS_FILE'), !off);
  return null;
}

/**
 * As {@link codecSettings}, for what runs in production: without keys only when `HOOKLINE_CODEC=off` says so.
 * @throws {HooklineError} CODEC_REQUIRED, CODEC_KEYS_INVALID
 */
export function requiredCodec(env: NodeJS.ProcessEnv = process.env): EncryptingCodec | null {
  const codec = codecSettings(env);
  if (codec === null && !isOff(env)) {
    throw new HooklineError(
      'CODEC_REQUIRED',
      'There is no key, so phone numbers and bodies would stand in the database of Temporal for all to read. Set HOOKLINE_CODEC_KEYS to id=key, with a key of `openssl rand -base64 32`, or HOOKLINE_CODEC=off when that is what you want.',
    );
  }
  return codec;
}

function isOff(env: NodeJS.ProcessEnv): boolean {
  const said = env.HOOKLINE_CODEC || null;
  if (said !== null && said !== 'off')
    throw new HooklineError('CODEC_KEYS_INVALID', 'HOOKLINE_CODEC: it is off, or not set.');
  return said === 'off';
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new HooklineError('CODEC_KEYS_INVALID', 'HOOKLINE_CODEC_KEYS_FILE: the file cannot be read.', { cause });
  }
}
