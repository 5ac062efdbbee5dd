/**
 * Whether a process can do its work: what it needs is asked, each within two seconds.
 * @module
 */
import { stat, statfs } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { isDiskFull } from '../store/disk-full.js';
import type { Store } from '../store/store.js';

/** Milliseconds that whatever is asked has to answer. */
const ANSWER_MS = 2000;
/** Milliseconds in which the system tells what it knows of a file. */
const FILE_MS = 1000;
/** Bytes that a disk must have left. */
const LEAST_ROOM = 32 * 2 ** 20;

/**
 * Why a process is not ready, in the words of `/health/ready`; `docs/operations.md` explains each.
 * `away`: no answer, or an error; `diskFull`: nothing can be written; `exhausted`: all threads that read files are taken;
 * `blocked`: the event loop stood still for seconds.
 */
export type Reason = 'away' | 'diskFull' | 'exhausted' | 'blocked';

/** What a check rejects with that knows the reason; every other error, and silence, is `away`. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
  constructor(readonly reason: Reason) {
    super(reason);
  }
}

/** What a process needs, by name: a check that rejects, or does not answer, says why the process is not ready. */
export type Checks = Readonly<Record<string, () => Promise<unknown>>>;

/** What the checks gave. */
export interface Readiness {
  status: 'ready' | 'notReady';
  checks: Record<string, 'ok' | Reason>;
}

/** What every process needs: the server with its database, by the namespace that we use; the store, where there is one; files. */
export function checksOf({ connection, options: { namespace } }: Client, store: Store | undefined): Checks {
  const temporal = () =>
    connection.withDeadline(Date.now() + ANSWER_MS, () => connection.workflowService.describeNamespace({ namespace }));
  const kept = store && { store: () => store.ping() };
  return { temporal, ...kept, files: filesAnswer() };
}

/** Whether a disk has room: 32 MiB at least. @param folder on that disk */
export function diskHasRoom(folder: string): () => Promise<unknown> {
  return async () => {
    const { bavail, bsize, files, ffree } = await statfs(folder);
    if (bavail * bsize < LEAST_ROOM || (files > 0 && ffree === 0)) throw new NotReady('diskFull');
  };
}

/** Asks all at once. Who wants to know while they are asked gets the same answer: nobody can wear them out. */
export function readinessOf(checks: Checks): () => Promise<Readiness> {
  let asked: Promise<Readiness> | undefined;
  return () => (asked ??= ask(checks).finally(() => (asked = undefined)));
}

/** Files are read by a few threads of the process: one question waits until a thread is free, however often it is asked. */
function filesAnswer(): () => Promise<unknown> {
  let asked: Promise<unknown> | undefined;
  return () => {
    asked ??= stat(process.execPath).finally(() => (asked = undefined));
    return within(FILE_MS, asked, 'exhausted');
  };
}

async function ask(checks: Checks): Promise<Readiness> {
  const asked = Object.entries(checks).map(async ([name, check]) => [name, await stateOf(check)] as const);
  const states = Object.fromEntries(await Promise.all(asked));
  const ready = Object.values(states).every((state) => state === 'ok');
  return { status: ready ? 'ready' : 'notReady', checks: states };
}

function stateOf(check: () => Promise<unknown>): Promise<'ok' | Reason> {
  return within(ANSWER_MS, check(), 'away').then(
    () => 'ok' as const,
    (error: unknown) => (error instanceof NotReady ? error.reason : isDiskFull(error) ? 'diskFull' : 'away'),
  );
}

/** @throws {NotReady} with the reason when the answer is not there in time */
async function within<T>(milliseconds: number, answer: Promise<T>, reason: Reason): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NotReady(reason)), milliseconds);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
