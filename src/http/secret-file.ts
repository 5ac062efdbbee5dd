/**
 * Reading a file that an account named, so that no spelling of it harms the process. Contract D3.
 * @module
 */
import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';

/** The largest file of a secret, in bytes. */
const MAX_BYTES = 64 * 1024;
/**
 * Files that are read at once. Node reads files with four threads, and a file of a network that hangs occupies one until the
 * network answers: the others must remain free.
 */
const AT_ONCE = 2;
/** Reads that wait for one of these; a further one fails at once. */
const MAX_WAITING = 1000;
/** Milliseconds for one read, its waiting included. */
const LIMIT_MS = 3000;

/** Why a file was not read, in words that follow "its file". */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
}

let reading = 0;
const waiting: (() => void)[] = [];

/**
 * The bytes of a regular file of at most 64 KiB, within 3 s.
 * @param folder where the file must lie once all links are followed; null: anywhere
 * @param isRefused whether the file of this real path may not be read
 * @throws {FileRefused}
 */
export async function readSecretFile(
  file: string,
  folder: string | null,
  isRefused: (real: string) => Promise<boolean> = () => Promise.resolve(false),
): Promise<Buffer> {
  if (waiting.length >= MAX_WAITING) throw new FileRefused('cannot be read now: too many files are being read');
  let over = false;
  const work = inTurn(async () => (over ? Buffer.alloc(0) : readNow(file, folder, isRefused)));
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new FileRefused(`was not read within ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    over = true;
  }
}

/** One that is late keeps its place until it ends: the thread that it occupies is not free before. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (reading >= AT_ONCE) await new Promise<void>((next) => waiting.push(next));
  else reading += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else reading -= 1;
  }
}

async function readNow(file: string, folder: string | null, isRefused: (real: string) => Promise<boolean>) {
  const real = await found(() => realpath(file));
  if (folder !== null && !real.startsWith(`${await found(() => realpath(folder))}${sep}`))
    throw new FileRefused("is not in the account's folder");
  if (await isRefused(real)) throw new FileRefused('is one of the engine itself');
  // What is no regular file is not even opened: a device does something when it is.
  const before = await found(() => lstat(real));
  if (!before.isFile()) throw new FileRefused('is not a regular file');
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = await found(() => open(real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  try {
    const opened = await handle.stat();
    if (!opened.isFile() || opened.ino !== before.ino || opened.dev !== before.dev)
      throw new FileRefused('was replaced while it was read');
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (let more = 1; more > 0 && length < bytes.length; length += more)
      more = (await handle.read(bytes, length, bytes.length - length)).bytesRead;
    if (length > MAX_BYTES) throw new FileRefused(`is larger than ${MAX_BYTES / 1024} KiB`);
    return bytes.subarray(0, length);
  } finally {
    await handle.close();
  }
}

/** The messages of the system name the path, and are left out. */
async function found<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new FileRefused('cannot be read on the worker', { cause });
  }
}
