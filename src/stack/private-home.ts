/**
 * The folder of a development stack holds calls, keys and numbers: nobody but its owner may look into it.
 * @module
 */
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivate } from '../crypto/private-files.js';
import { HOME_ENTRIES, stackHome } from './home.js';

/**
 * Makes the stack's folder and what is in it private, and so all that this process and its children write from now on. A
 * folder that holds other things than ours, or that all users share, keeps its own rights; what is ours in it does not.
 * @param say takes what could not be made private
 */
export function makeHomePrivate(say: (line: string) => void): void {
  process.umask(0o077);
  const home = stackHome();
  const names = readdirSync(home);
  const ours = names.filter((name) => HOME_ENTRIES.test(name));
  try {
    if (ours.length < names.length || isShared(home))
      say(
        `${home} holds more than a stack, and keeps its rights. Give the stack a folder of its own with HOOKLINE_HOME`,
      );
    else chmodSync(home, 0o700);
    for (const name of ours) makePrivate(join(home, name));
  } catch (error) {
    const { code = 'unknown', path = home } = error as NodeJS.ErrnoException;
    say(`others may read ${path}, which belongs to another user of this machine (${code})`);
  }
}

/** Whether a folder is for all users, as `/tmp` is. */
function isShared(folder: string): boolean {
  return (statSync(folder).mode & 0o1000) !== 0;
}
