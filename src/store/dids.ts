/**
 * Numbers that callers dial (DIDs): the account and the flow of each. One number leads to one flow of the whole deployment. Contract B1.
 * @module
 */
import { eq, inArray } from 'drizzle-orm';
import { type Database, oneAtATime } from './database.js';
import { type Page, type PageRequest, pageOf } from './page.js';
import { normalNumber } from './phone-number.js';
import { dids } from './schema.js';
import type { RowKey, Sealer } from './sealer.js';

/** A number and what it leads to. */
export interface StoredDid {
  /** Stands for the number where no number may stand, as in a URL. */
  id: number;
  /** As it was written when it was given. */
  number: string;
  accountId: number;
  flowId: string;
  createdAt: Date;
  updatedAt: Date;
}

/** Where a number leads. */
export type DidTarget = Pick<StoredDid, 'accountId' | 'flowId'>;

interface Private {
  dialled: string;
}

const shown = {
  id: dids.id,
  number: dids.number,
  dialled: dids.dialled,
  accountId: dids.accountId,
  flowId: dids.flowId,
  sealed: dids.sealed,
  createdAt: dids.createdAt,
  updatedAt: dids.updatedAt,
};

/** The numbers of all accounts. They may be written with or without `+`, blanks and dashes; the country code belongs to them. */
export class Dids {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {}

  /** Where a number leads; undefined when nobody has it. */
  async target(written: string): Promise<DidTarget | undefined> {
    const { accountId, flowId } = dids;
    const [row] = await this.db
      .select({ accountId, flowId })
      .from(dids)
      .where(this.#ofNumber(normalNumber(written)));
    return row;
  }

  /** Gives a number to a flow, in place of the one before. */
  async put(written: string, target: DidTarget): Promise<StoredDid> {
    const number = normalNumber(written);
    return this.db.transaction(async (tx) => {
      // A number may be kept under another key, so no unique column keeps two writers apart.
      await oneAtATime(tx, ['did', number]);
      const token = this.sealer.token(PLACE, number);
      const hidden = await this.sealer.hide<Private>(rowOf(token), { dialled: written });
      const { accountId, flowId } = target;
      const values = { ...hidden, number: token, accountId, flowId, updatedAt: new Date() };
      const [changed] = await tx.update(dids).set(values).where(this.#ofNumber(number)).returning(shown);
      const [row] = changed ? [changed] : await tx.insert(dids).values(values).returning(shown);
      if (!row) throw new Error('A row that was written is not there.');
      return this.#show(row);
    });
  }

  /** The numbers of an account or, without one, of all accounts, newest first. */
  async list(accountId: number | undefined, page: PageRequest): Promise<Page<StoredDid>> {
    const query = this.db
      .select({ ...shown, seq: dids.id })
      .from(dids)
      .$dynamic();
    const mine = accountId === undefined ? undefined : eq(dids.accountId, accountId);
    return pageOf(query, dids.id, mine, page, ({ seq: _seq, ...row }) => this.#show(row));
  }

  /** Takes a number away, by its id; gives whose it was, undefined when there is no such id. */
  async remove(id: number): Promise<DidTarget | undefined> {
    const { accountId, flowId } = dids;
    const [gone] = await this.db.delete(dids).where(eq(dids.id, id)).returning({ accountId, flowId });
    return gone;
  }

  #ofNumber(number: string) {
    return inArray(dids.number, this.sealer.tokens(PLACE, number));
  }

  async #show(row: Omit<StoredDid, 'number'> & { number: string; dialled: string | null; sealed: Buffer | null }) {
    const { dialled, ...rest } = await this.sealer.show<Private, typeof row>(rowOf(row.number), row);
    return { ...rest, number: dialled };
  }
}

/** Numbers are looked up before an account is known: 0, which no account has, stands for all of them. */
const PLACE: RowKey = ['dids.number', 0];

function rowOf(token: string): RowKey {
  return ['dids', 0, token];
}
