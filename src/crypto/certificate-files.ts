/**
 * Certificates and keys, by files that settings name. They are read once, at the start.
 * @module
 */
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { HooklineError } from '../flow/errors.js';

/** What the file of a setting holds; undefined when it is not set. @throws {HooklineError} TLS_INVALID naming the setting */
export function fileOf(env: NodeJS.ProcessEnv, setting: string): Buffer | undefined {
  const file = env[setting];
  if (!file) return undefined;
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new HooklineError('TLS_INVALID', `${setting}: the file cannot be read.`, { cause });
  }
}

/** @throws {HooklineError} TLS_INVALID when these are no certificate, key and CA, or do not belong together */
export function checkPair(pair: Pick<SecureContextOptions, 'cert' | 'key' | 'ca'>, settings: string): void {
  try {
    createSecureContext(pair);
  } catch (cause) {
    throw new HooklineError('TLS_INVALID', `${settings}: the files are not a matching certificate and key in PEM.`, {
      cause,
    });
  }
}
