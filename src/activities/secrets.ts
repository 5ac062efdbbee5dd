/**
 * The values of an account's secrets, looked up on the worker at the moment of use. Contract W3, D3.
 * @module
 */
import { readFile } from 'node:fs/promises';
import type { SecretReference } from '../flow/account.js';
import { HooklineError } from '../flow/errors.js';

/**
 * The value of one secret: an environment variable, or a file's text without its last line break.
 * Never kept, so that a rotated secret is in use with the next request. Contract W3.
 * @throws {HooklineError} `SECRET_UNAVAILABLE`, naming the secret but never a value.
 */
export async function resolveSecret(name: string, secrets: Readonly<Record<string, SecretReference>>): Promise<string> {
  const reference = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  if (!reference) throw unavailable(name, 'the account has no secret of this name');
  if ('env' in reference) {
    const value = process.env[reference.env];
    if (value === undefined) throw unavailable(name, 'its environment variable is not set on the worker');
    return value;
  }
  try {
    return (await readFile(reference.file, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw unavailable(name, 'its file cannot be read on the worker', error);
  }
}

function unavailable(name: string, why: string, cause?: unknown): HooklineError {
  return new HooklineError('SECRET_UNAVAILABLE', `The secret "${name}" is not available: ${why}.`, { cause });
}
