/**
 * The packages of an engine that has its own.
 * @module
 */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Say } from '../engine.js';

/** Runs `npm ci` in a folder with a `package-lock.json`, unless that has been done since the lock file was written. */
export async function installed(folder: URL, say: Say): Promise<void> {
  const [lock, done] = await Promise.all(
    ['package-lock.json', 'node_modules/.package-lock.json'].map((file) => writtenAt(new URL(file, folder))),
  );
  if (done !== undefined && done > (lock ?? 0)) return;
  const path = fileURLToPath(folder);
  say(`${basename(path)}: npm ci`);
  await new Promise<void>((resolve, reject) => {
    execFile('npm', ['ci', '--no-audit', '--no-fund'], { cwd: path }, (error, stdout, stderr) => {
      const last = (stdout + stderr).trim().split('\n').slice(-10).join('\n');
      if (error) reject(new Error(`npm ci failed in ${path}:\n${last}`));
      else resolve();
    });
  });
}

async function writtenAt(file: URL): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.mtimeMs;
}
