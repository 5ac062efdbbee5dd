/**
 * Who changed and read what through the API, and what was refused.
 * @module
 */
import { eq } from 'drizzle-orm';
import type { Database } from './database.js';
import { type Page, type PageRequest, pageOf } from './page.js';
import { auditLog } from './schema.js';

/** One entry. */
export type AuditEntry = Pick<typeof auditLog.$inferSelect, 'by' | 'action' | 'target' | 'outcome' | 'fields' | 'at'>;

const { by, action, target, outcome, fields, at } = auditLog;
const shown = { by, action, target, outcome, fields, at };

/** The entries of all accounts; nothing takes one back. */
export class Audit {
  constructor(private readonly db: Database) {}

  /** Adds an entry. */
  async add(accountId: number, entry: Omit<AuditEntry, 'at'>): Promise<void> {
    await this.db.insert(auditLog).values({ accountId, ...entry });
  }

  /** An account's entries, newest first. */
  async list(accountId: number, page: PageRequest): Promise<Page<AuditEntry>> {
    const query = this.db
      .select({ ...shown, seq: auditLog.seq })
      .from(auditLog)
      .$dynamic();
    const mine = eq(auditLog.accountId, accountId);
    return pageOf(query, auditLog.seq, mine, page, ({ seq: _seq, ...entry }) => entry);
  }
}
