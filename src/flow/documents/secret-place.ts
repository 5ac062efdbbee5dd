/**
 * Where the secrets of an account may lie: places of its own, judged by how they are spelled. Contract D3.
 * @module
 */
import type { SecretReference } from './account.js';
import type { Problem } from '../errors.js';
import { pointer } from '../validation/pointer.js';

/** How the names of the environment variables begin that an account's secrets may name. */
export function ownVariables(accountId: number): string {
  return `HOOKLINE_SECRET_${accountId}_`;
}

/**
 * The path of a file below the account's folder: a relative path as it stands, an absolute one when it leads below that folder.
 * @param secretsDir the deployment's secrets folder, absolute; null: none is known here
 * @returns undefined when the file is spelled as one outside of the folder
 */
export function ownFile(file: string, accountId: number, secretsDir: string | null): string | undefined {
  const own = `${secretsDir}/${accountId}/`;
  const path = secretsDir !== null && file.startsWith(own) ? file.slice(own.length) : file;
  return /^[/\\]|\0/.test(path) || path === '' || path.split(/[/\\]/).includes('..') ? undefined : path;
}

/** Whether a reference names a place of the account. What lies in the store is always its own. */
export function isOwnPlace(reference: SecretReference, accountId: number, secretsDir: string | null): boolean {
  if ('stored' in reference) return true;
  if ('file' in reference) return ownFile(reference.file, accountId, secretsDir) !== undefined;
  const prefix = ownVariables(accountId);
  return reference.env.length > prefix.length && reference.env.startsWith(prefix);
}

/** Each secret of an account that names a place which is not its own: SECRET_OUTSIDE. Contract D3. */
export function misplacedSecrets(
  { id, secrets }: { id: number; secrets: Readonly<Record<string, SecretReference>> },
  secretsDir: string | null,
): Problem[] {
  return Object.entries(secrets).flatMap(([name, reference]): Problem[] => {
    if (isOwnPlace(reference, id, secretsDir)) return [];
    const [field, message] =
      'env' in reference
        ? ['env', `The variables of this account begin with ${ownVariables(id)}.`]
        : ['file', `Write the path of a file below the folder ${id} of the secrets folder, relative to that folder.`];
    return [{ code: 'SECRET_OUTSIDE', pointer: pointer('secrets', name, field), message }];
  });
}
