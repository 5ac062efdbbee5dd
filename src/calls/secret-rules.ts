/**
 * What a deployment says of where the secrets of a start's account may lie. Contract C4, D3.
 * @module
 */
import { ofCommandLine } from '../engine/held-secret.js';
import type { Account } from '../flow/documents/account.js';
import { misplacedSecrets } from '../flow/documents/secret-place.js';
import type { Findings } from '../flow/validation/validate.js';
import type { SecretSettings } from '../http/secret-settings.js';

/**
 * The findings of the account of a start, with what is wrong with the places of its secrets: an error in a document that comes
 * in, and outdated in one that is stored. A deployment that reads the secrets of its command line, or any, takes the document.
 * @param isStored whether the account comes from the store, and was checked when it was stored
 */
export function withSecretRules<T extends Findings<Account>>(found: T, isStored: boolean, settings: SecretSettings): T {
  const { value } = found;
  if (!value || settings.places === 'anywhere') return found;
  const misplaced = misplacedSecrets(value, settings.secretsDir);
  if (isStored) return { ...found, outdated: [...(found.outdated ?? []), ...misplaced] };
  if (settings.places === 'commandLine') return { ...found, value: ofCommandLine(value) };
  return { ...found, errors: [...found.errors, ...misplaced] };
}
