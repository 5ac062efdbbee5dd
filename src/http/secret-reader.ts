/**
 * The values of an account's secrets, looked up on the worker at the moment of use. Contract W3, D3.
 * @module
 */
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { HeldSecret } from '../engine/held-secret.js';
import type { TargetRules } from '../engine/webhook-task.js';
import { isOwnPlace, ownFile, ownVariables } from '../flow/documents/secret-place.js';
import type { SecretReference } from '../flow/documents/account.js';
import { NotUtf8, textOf } from '../flow/documents/text-place.js';
import { HooklineError } from '../flow/errors.js';
import { FileRefused, readSecretFile } from './secret-file.js';
import { type SecretSettings, secretSettings } from './secret-settings.js';

/** What the engine itself lives by; an account that could name it would send it to a target of its own. Contract C6, B6. */
const OWN_VARIABLES = [
  ...['HOOKLINE_CODEC_KEYS', 'HOOKLINE_CODEC_TOKEN', 'HOOKLINE_BRIDGE_SECRET', 'HOOKLINE_ARI_PASSWORD'],
  'HOOKLINE_PROXY',
  ...['HOOKLINE_OPERATOR_KEY', 'HOOKLINE_API_KEY', 'DATABASE_URL', 'PGPASSWORD', 'TEMPORAL_API_KEY'],
];
const OWN_FILES = [
  ...['HOOKLINE_CODEC_KEYS_FILE', 'HOOKLINE_BRIDGE_SECRET_FILE', 'HOOKLINE_OPERATOR_KEY_FILE'],
  ...['TEMPORAL_TLS_CLIENT_KEY_PATH', 'HOOKLINE_TEMPORAL_API_KEY_FILE'],
  ...['HOOKLINE_API_TLS_KEY_FILE', 'HOOKLINE_CODEC_TLS_KEY_FILE', 'HOOKLINE_ARI_PASSWORD_FILE'],
];
/** The operator's key of a development stack, in its folder. */
const STACK_KEY = 'operator-key';

/** What resolves the secrets of a request: the account and the references that the request uses. */
export type SecretRules = Pick<TargetRules, 'accountId' | 'secrets'>;

/** Gives values of secrets. */
export interface SecretSource {
  /** @throws {HooklineError} `SECRET_UNAVAILABLE`, naming the secret but never a value */
  read(name: string, rules: SecretRules): Promise<string>;
}

/** What the store knows of secrets. */
export interface StoredSecrets {
  /** The value of a stored secret; undefined when there is none. */
  value(accountId: number, name: string): Promise<string | undefined>;
  /** Whether the account's document, as a release before 0.7 stored it, has this reference. Contract C4. */
  hadBefore(accountId: number, name: string, reference: SecretReference): Promise<boolean>;
}

/** Reads secrets in this process. Contract W3, D3. */
export class SecretReader implements SecretSource {
  readonly #settings: SecretSettings;
  readonly #store: StoredSecrets | undefined;

  /** @param settings default: those of the environment @param store default: none, and no secret is stored */
  constructor(settings: Partial<SecretSettings> = {}, store?: StoredSecrets) {
    this.#settings = { ...secretSettings(process.env), ...settings };
    this.#store = store;
  }

  /**
   * The value of one secret: what is stored, an environment variable, or a file's text in UTF-8, without a byte order mark and
   * its last line break. Variables and files are never kept, so that a rotated one is in use with the next request. Contract D1, W3.
   * @throws {HooklineError} `SECRET_UNAVAILABLE`, naming the secret but never a value
   */
  async read(name: string, { accountId, secrets }: SecretRules): Promise<string> {
    const reference = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    if (!reference) throw unavailable(name, 'the account has no secret of this name');
    if ('stored' in reference) return this.#stored(accountId, name);
    const free = await this.#mayLieAnywhere(accountId, name, reference);
    if (!free && !isOwnPlace(reference, accountId, this.#settings.secretsDir))
      throw unavailable(name, outside(reference, accountId));
    if ('env' in reference) return variable(name, reference.env);
    return free ? fileText(name, reference.file, null) : this.#ownFile(name, reference.file, accountId);
  }

  async #stored(accountId: number, name: string): Promise<string> {
    if (!this.#store) throw unavailable(name, 'it is stored, and this process has no store (DATABASE_URL)');
    const value = await this.#store.value(accountId, name).catch((cause: unknown) => {
      throw unavailable(name, 'the store cannot give it', cause);
    });
    if (value === undefined) throw unavailable(name, 'the store has no value of it yet');
    return value;
  }

  /** Whether a secret lies where its document says, and not in its account's places alone: {@link SecretSettings}, C4. */
  async #mayLieAnywhere(accountId: number, name: string, reference: HeldSecret): Promise<boolean> {
    const { places } = this.#settings;
    if (places === 'anywhere' || (places === 'commandLine' && reference.local === true)) return true;
    return (await this.#store?.hadBefore(accountId, name, reference).catch(() => false)) ?? false;
  }

  async #ownFile(name: string, file: string, accountId: number): Promise<string> {
    const { secretsDir } = this.#settings;
    const path = ownFile(file, accountId, secretsDir);
    if (secretsDir === null || path === undefined)
      throw unavailable(name, 'it is a file, and HOOKLINE_SECRETS_DIR is not set on the worker');
    const folder = join(secretsDir, String(accountId));
    return fileText(name, join(folder, path), folder);
  }
}

async function fileText(name: string, file: string, folder: string | null): Promise<string> {
  try {
    return textOf(await readSecretFile(file, folder, isOwnFile)).replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof NotUtf8) throw unavailable(name, `its file is not UTF-8 (${error.place})`);
    if (error instanceof FileRefused) throw unavailable(name, `its file ${error.message}`, error.cause);
    throw error;
  }
}

function variable(name: string, env: string): string {
  if (OWN_VARIABLES.includes(env)) throw unavailable(name, 'its variable is one of the engine itself');
  const value = process.env[env];
  if (value === undefined) throw unavailable(name, 'its environment variable is not set on the worker');
  return value;
}

/** Below `/proc` stands the environment of processes. */
async function isOwnFile(real: string): Promise<boolean> {
  if (/^\/proc(\/|$)/.test(real)) return true;
  const stackKey = join(process.env.HOOKLINE_HOME ?? '.hookline', STACK_KEY);
  const own = [stackKey, ...OWN_FILES.flatMap((variable) => process.env[variable] || [])];
  return (await Promise.all(own.map((one) => realpath(one).catch(() => resolve(one))))).includes(real);
}

function outside(reference: SecretReference, accountId: number): string {
  return 'env' in reference
    ? `the variables of the account begin with ${ownVariables(accountId)} (SECRET_OUTSIDE)`
    : `the files of the account lie below HOOKLINE_SECRETS_DIR/${accountId} (SECRET_OUTSIDE)`;
}

function unavailable(name: string, why: string, cause?: unknown): HooklineError {
  return new HooklineError('SECRET_UNAVAILABLE', `The secret "${name}" is not available: ${why}.`, { cause });
}
