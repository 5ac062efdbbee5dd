/**
 * The way to the database: PostgreSQL, or an embedded one that speaks like it.
 * @module
 */
import { createHash } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DrizzleQueryError, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client, DatabaseError, Pool, type PoolClient } from 'pg';
import { HooklineError } from '../flow/errors.js';
import { isDiskFull, isFullCode } from './disk-full.js';

/** What repositories query. */
export type Database = NodePgDatabase;

/** Connections of one process. */
const POOL = 10;
/** Milliseconds in which a connection must be there. */
const CONNECT_MS = 5000;
/** Milliseconds after which the server cuts a statement. */
const STATEMENT_MS = 15_000;
/** Milliseconds after which nobody waits for an answer any longer: the embedded database cannot cut a statement. */
const ANSWER_MS = STATEMENT_MS + 1000;
/** Milliseconds after which a disk that is full is reported again. */
const AGAIN_MS = 60_000;
/** One number for all processes of Hookline: who holds the lock migrates. */
const MIGRATION_LOCK = 1_214_210_411;

/** The folder of the migrations. */
export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Brings the tables up to date; of two processes that start together one waits for the other. */
export async function migrateDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS });
  } finally {
    // The lock goes with the connection.
    await client.end();
  }
}

/**
 * Opens connections as they are needed. A statement has 15 s. `close` waits for those in use.
 * @param onDiskFull is called when the database's disk is full, once a minute at most
 */
export function openDatabase(
  url: string,
  onDiskFull: () => void = () => undefined,
): { db: Database; disk: DiskWatch; close: () => Promise<void> } {
  const disk = new DiskWatch(onDiskFull);
  const pool = new Pool({
    connectionString: url,
    max: POOL,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: ANSWER_MS,
  });
  // A connection that breaks while nobody uses it is replaced by the next use.
  pool.on('error', () => undefined);
  pool.on('connect', disk.watch);
  return { db: drizzle(pool, { casing: 'snake_case' }), disk, close: () => pool.end() };
}

/** Takes an advisory lock on `what` until the transaction ends. Only a hash of it reaches the database. */
export async function oneAtATime(tx: Pick<Database, 'execute'>, what: readonly (string | number)[]): Promise<void> {
  const lock = createHash('sha256').update(JSON.stringify(what)).digest().readBigInt64BE();
  await tx.execute(sql`select pg_advisory_xact_lock(${lock})`);
}

/** What the driver says when it gets no connection, or loses one. */
const NO_CONNECTION = /^(timeout exceeded when trying to connect|timeout expired|Connection terminated)/;
/** Codes of a database that cannot answer now: no connection, no resources (a full disk too), shut down or cut. */
const AWAY = /^(08|53|57)/;

/** Whether a query failed because the database did not answer, or could not be opened, and not for what it was. */
export function isAway(error: unknown): boolean {
  if (error instanceof HooklineError) return error.code === 'STORE_UNREACHABLE';
  if (error instanceof DrizzleQueryError)
    return !(error.cause instanceof DatabaseError) || AWAY.test(error.cause.code ?? '');
  if (error instanceof DatabaseError) return AWAY.test(error.code ?? '');
  // A transaction first takes a connection, and fails without a query when it gets no connection.
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN)/.test(code ?? '') || NO_CONNECTION.test(message ?? '');
}

/** Whether a write failed because a unique value is there already. */
export function isDuplicate(error: unknown): boolean {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  return cause instanceof DatabaseError && cause.code === '23505';
}

/** What this process has seen of the database's disk. */
export class DiskWatch {
  #full = false;
  #reported = Number.NEGATIVE_INFINITY;

  /** @param onFull is called when the disk is full, once a minute at most */
  constructor(private readonly onFull: () => void) {}

  /** Watches all that the database answers on a connection. */
  readonly watch = (client: PoolClient): void => {
    const { connection } = client as unknown as { connection: EventEmitter };
    connection.on('errorMessage', ({ code }: { code?: string }) => {
      if (isFullCode(code)) this.#seen();
    });
  };

  /**
   * Whether the database answers and, when its disk was full lately, takes something to write.
   * @throws the database's error
   */
  async check(db: Database): Promise<void> {
    if (this.#full) {
      this.#full = false;
      // Larger than what a page has left. Its error sets the flag again; a database that forbids such tables says nothing.
      await db.execute(sql`select 1`);
      await db
        .transaction((tx) =>
          tx.execute(
            sql`create temporary table hookline_room on commit drop as select repeat('x', 1000) from generate_series(1, 500)`,
          ),
        )
        .catch((error: unknown) => {
          if (isDiskFull(error)) throw error;
        });
    } else await db.execute(sql`select 1`);
  }

  #seen(): void {
    this.#full = true;
    if (performance.now() - this.#reported < AGAIN_MS) return;
    this.#reported = performance.now();
    this.onFull();
  }
}
