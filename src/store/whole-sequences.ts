/**
 * Gives the embedded database what its connections send in whole sequences. All connections share its one session, and with
 * it the statement and the portal that have no name. The server of the package passes each message on as it comes: between
 * one connection's Bind and its Execute another's Bind may come, and each gets the other's rows.
 * @module
 */
import type { PGlite } from '@electric-sql/pglite';

/** What a server asks of the database. */
export type Session = Pick<PGlite, 'execProtocolRawStream' | 'isInTransaction' | 'exec' | 'runExclusive' | 'waitReady'>;

/** First bytes of messages that are part of a sequence: Parse, Bind, Describe, Execute, Close. Sync ends it. */
const IN_SEQUENCE = new Set([...'PBDEC'].map((type) => type.charCodeAt(0)));
const FLUSH = 'H'.charCodeAt(0);
const TERMINATE = 'X'.charCodeAt(0);
const SYNC = Uint8Array.of('S'.charCodeAt(0), 0, 0, 0, 4);

/**
 * A database for a server that serves one connection for as long as `isInTransaction` says so. Messages wait until their
 * sequence is whole, and then run together. So nothing of a connection that breaks off reaches the session, and after an
 * error there is one ReadyForQuery, where there would be one for the error and another one for Sync.
 */
export class WholeSequences implements Session {
  #waiting: Uint8Array[] = [];
  /** A part of the sequence ran because of a Flush. */
  #begun = false;

  constructor(private readonly db: Session) {}

  get waitReady(): Promise<void> {
    return this.db.waitReady;
  }

  readonly runExclusive: Session['runExclusive'] = (work) => this.db.runExclusive(work);

  readonly isInTransaction = (): boolean => this.#waiting.length > 0 || this.#begun || this.db.isInTransaction();

  readonly execProtocolRawStream: Session['execProtocolRawStream'] = async (message, options) => {
    const [type = 0] = message;
    if (type === TERMINATE) return this.#forget();
    this.#waiting.push(message);
    if (IN_SEQUENCE.has(type)) return;
    const sequence = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#begun = type === FLUSH;
    await this.db.execProtocolRawStream(sequence, options);
  };

  /** What the server runs when a connection ends that it serves alone. */
  readonly exec: Session['exec'] = async (rollback, options) => {
    await this.#forget();
    return this.db.isInTransaction() ? this.db.exec(rollback, options) : [];
  };

  /** A session that had an error skips all until Sync. */
  async #forget(): Promise<void> {
    this.#waiting = [];
    if (this.#begun) await this.db.execProtocolRawStream(SYNC, { onRawData: () => undefined });
    this.#begun = false;
  }
}
