/**
 * The key that opens every account of a development stack: made once, kept in the stack's folder.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stackHome } from './home.js';

/** The file that holds the key, readable by its owner alone. */
export function operatorKeyFile(): string {
  return join(stackHome(), 'operator-key');
}

/** The stack's key; made when there is none. */
export function stackOperatorKey(): string {
  const file = operatorKeyFile();
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
