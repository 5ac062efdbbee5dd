/**
 * Which places a deployment lets the secrets of accounts name, from the environment. Contract D3.
 * @module
 */
import { resolve } from 'node:path';

/**
 * `own`: only places of the account. `commandLine`: beside these, whatever an account document names that came with a call,
 * as `hookline run` sends one from this machine's disk. `anywhere`: whatever any account names.
 */
export type SecretPlaces = 'own' | 'commandLine' | 'anywhere';

/** Where secrets may lie. */
export interface SecretSettings {
  places: SecretPlaces;
  /** The folder with a folder for each account, absolute; null: there is none. */
  secretsDir: string | null;
}

/** What a deployment with {@link SecretSettings.places} `anywhere` is warned of at each start. */
export const ANYWHERE_WARNING =
  'HOOKLINE_SECRETS=anywhere: the secrets of every account may name any variable and file of this machine. Set it only where one owner has all accounts';

const PLACES: readonly string[] = ['own', 'commandLine', 'anywhere'] satisfies SecretPlaces[];

/** Reads the settings. @throws {RangeError} when HOOKLINE_SECRETS has another value */
export function secretSettings(env: NodeJS.ProcessEnv): SecretSettings {
  const places = env.HOOKLINE_SECRETS || 'own';
  if (!PLACES.includes(places)) throw new RangeError('HOOKLINE_SECRETS: not "own" or "anywhere"');
  const dir = env.HOOKLINE_SECRETS_DIR;
  return { places: places as SecretPlaces, secretsDir: dir ? resolve(dir) : null };
}
