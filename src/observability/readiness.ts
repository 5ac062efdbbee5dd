/**
 * Whether a process can do its work: what it needs is asked, each within two seconds.
 * @module
 */
import type { Client } from '@temporalio/client';
import type { Store } from '../store/store.js';

/** Milliseconds that whatever is asked has to answer. */
const ANSWER_MS = 2000;

/** What a process needs, by name: a check that rejects, or does not answer, says that it is away. */
export type Checks = Readonly<Record<string, () => Promise<unknown>>>;

/** What the checks gave. */
export interface Readiness {
  status: 'ready' | 'notReady';
  checks: Record<string, 'ok' | 'away'>;
}

/** The server with its database, by the namespace that we use; and the store, where there is one. */
export function checksOf({ connection, options: { namespace } }: Client, store: Store | undefined): Checks {
  const temporal = () =>
    connection.withDeadline(Date.now() + ANSWER_MS, () => connection.workflowService.describeNamespace({ namespace }));
  return { temporal, ...(store && { store: () => store.ping() }) };
}

/** Asks all at once. Who wants to know while they are asked gets the same answer: nobody can wear them out. */
export function readinessOf(checks: Checks): () => Promise<Readiness> {
  let asked: Promise<Readiness> | undefined;
  return () => (asked ??= ask(checks).finally(() => (asked = undefined)));
}

async function ask(checks: Checks): Promise<Readiness> {
  const asked = Object.entries(checks).map(async ([name, check]) => [name, await answers(check)] as const);
  const states = Object.fromEntries(await Promise.all(asked));
  const ready = Object.values(states).every((state) => state === 'ok');
  return { status: ready ? 'ready' : 'notReady', checks: states };
}

async function answers(check: () => Promise<unknown>): Promise<'ok' | 'away'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'away'>((resolve) => (timer = setTimeout(resolve, ANSWER_MS, 'away')));
  const asked = check().then(
    () => 'ok' as const,
    () => 'away' as const,
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
