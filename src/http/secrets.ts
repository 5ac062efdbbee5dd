/**
 * The values of an account's secrets, looked up on the worker at the moment of use. Contract W3, D3.
 * @module
 */
import { readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SecretReference } from '../flow/documents/account.js';
import { NotUtf8, textOf } from '../flow/documents/text-place.js';
import { HooklineError } from '../flow/errors.js';

/** What the engine itself lives by; an account that could name it would send it to a target of its own. Contract C6, B6. */
const OWN_VARIABLES = [
  ...['HOOKLINE_CODEC_KEYS', 'HOOKLINE_CODEC_TOKEN', 'HOOKLINE_BRIDGE_SECRET', 'HOOKLINE_ARI_PASSWORD'],
  ...['HOOKLINE_OPERATOR_KEY', 'HOOKLINE_API_KEY', 'DATABASE_URL', 'PGPASSWORD', 'TEMPORAL_API_KEY'],
];
const OWN_FILES = [
  ...['HOOKLINE_CODEC_KEYS_FILE', 'HOOKLINE_BRIDGE_SECRET_FILE', 'HOOKLINE_OPERATOR_KEY_FILE'],
  ...['TEMPORAL_TLS_CLIENT_KEY_PATH', 'HOOKLINE_TEMPORAL_API_KEY_FILE'],
  ...['HOOKLINE_API_TLS_KEY_FILE', 'HOOKLINE_CODEC_TLS_KEY_FILE', 'HOOKLINE_ARI_PASSWORD_FILE'],
];
/** The operator's key of a development stack, in its folder. */
const STACK_KEY = 'operator-key';
const OWN = 'what it names is a secret of the engine itself';

/**
 * The value of one secret: an environment variable, or a file's text in UTF-8, without a byte order mark and its last line
 * break. Contract D1, W3.
 * Never kept, so that a rotated secret is in use with the next request. Contract W3.
 * @throws {HooklineError} `SECRET_UNAVAILABLE`, naming the secret but never a value.
 */
export async function resolveSecret(name: string, secrets: Readonly<Record<string, SecretReference>>): Promise<string> {
  const reference = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  if (!reference) throw unavailable(name, 'the account has no secret of this name');
  if ('env' in reference) {
    if (OWN_VARIABLES.includes(reference.env)) throw unavailable(name, OWN);
    const value = process.env[reference.env];
    if (value === undefined) throw unavailable(name, 'its environment variable is not set on the worker');
    return value;
  }
  if (await isOwnFile(reference.file)) throw unavailable(name, OWN);
  try {
    return textOf(await readFile(reference.file)).replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof NotUtf8) throw unavailable(name, `its file is not UTF-8 (${error.place})`);
    throw unavailable(name, 'its file cannot be read on the worker', error);
  }
}

/** Below `/proc` stands the environment of processes. */
async function isOwnFile(file: string): Promise<boolean> {
  const place = await realpath(file).catch(() => file);
  if (/^\/proc(\/|$)/.test(place)) return true;
  const stackKey = join(process.env.HOOKLINE_HOME ?? '.hookline', STACK_KEY);
  const own = [stackKey, ...OWN_FILES.flatMap((variable) => process.env[variable] || [])];
  return (await Promise.all(own.map((one) => realpath(one).catch(() => resolve(one))))).includes(place);
}

function unavailable(name: string, why: string, cause?: unknown): HooklineError {
  return new HooklineError('SECRET_UNAVAILABLE', `The secret "${name}" is not available: ${why}.`, { cause });
}
