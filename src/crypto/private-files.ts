/**
 * Files and folders that only their owner may read and write.
 * @module
 */
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The bits of group and others. */
const OTHERS = 0o077;

/**
 * Takes the rights of group and others from a file, or from a folder and all below it. No link is followed. What is not there, or
 * goes meanwhile, is passed over.
 * @throws an error of the system, such as EPERM when the file belongs to another user
 */
export function makePrivate(path: string): void {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (!entry?.isDirectory() && !entry?.isFile()) return;
  if ((entry.mode & OTHERS) !== 0) chmodSync(path, entry.mode & 0o700);
  if (entry.isDirectory()) for (const name of readdirSync(path)) makePrivate(join(path, name));
}
