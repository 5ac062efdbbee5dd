/**
 * The codec that the environment asks for.
 * @module
 */
import { isEncryptionOff, keyRing } from '../../crypto/key-settings.js';
import { HooklineError } from '../../flow/errors.js';
import { EncryptingCodec } from './payload-codec.js';

/**
 * The codec of `HOOKLINE_CODEC_KEYS`, or of the file that `HOOKLINE_CODEC_KEYS_FILE` names; null without keys.
 * With `HOOKLINE_CODEC=off` it encrypts nothing, and keys that are there still decrypt.
 * @throws {HooklineError} CODEC_KEYS_INVALID; its message holds no key
 */
export function codecSettings(env: NodeJS.ProcessEnv = process.env): EncryptingCodec | null {
  const off = isEncryptionOff(env);
  const ring = keyRing(env);
  return ring && new EncryptingCodec(ring, !off);
}

/**
 * As {@link codecSettings}, for what runs in production: without keys only when `HOOKLINE_CODEC=off` says so.
 * @throws {HooklineError} CODEC_REQUIRED, CODEC_KEYS_INVALID
 */
export function requiredCodec(env: NodeJS.ProcessEnv = process.env): EncryptingCodec | null {
  const codec = codecSettings(env);
  if (codec === null && !isEncryptionOff(env)) {
    throw new HooklineError(
      'CODEC_REQUIRED',
      'There is no key, so phone numbers and bodies would be readable in the databases of Temporal and of Hookline. Set HOOKLINE_CODEC_KEYS to id=key, with a key of `openssl rand -base64 32`, or HOOKLINE_CODEC=off when that is what you want.',
    );
  }
  return codec;
}
